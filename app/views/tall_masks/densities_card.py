"""Card of TALL masks: the density of each mask."""

from collections.abc import Mapping
from typing import Any

from app.session.diagnosis import Diagnosis
from app.views.tall_masks.densities import densities, densities_takeaway, density_rows
from app.views.tall_masks.named_bars_figure import NamedBar, named_bars_figure
from app.views.tall_masks.shown import Shown, of_part
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette
from app.words.numbers import percent


def densities_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw what share of the weights each mask keeps."""
    sums, nulls = shown.part(diagnosis.selection)
    found = densities(sums, nulls, shown.tasks, shown.settings.tall_lambda)
    bars = [NamedBar(one.task, one.density, percent(one.density), one.by_chance, one.hover) for one in found]

    def clicked(point: Mapping[str, Any]) -> None:
        if point["y"] in shown.tasks:
            diagnosis.selection.choose_task(point["y"])

    with card("masks.densities", f"Density of each mask{of_part(diagnosis)}"):
        chart(
            "masks.densities",
            named_bars_figure(bars, tab_palette(), chosen=diagnosis.selection.task),
            takeaway=densities_takeaway(found),
            cannot_say="Shares of all weights in parameters that some task changed. Black marks: random "
            "signs. A dense mask mostly means that the task's update is large beside those of the others.",
            rows=lambda: density_rows(found),
            on_click=clicked,
            is_stale=shown.is_stale,
        )
