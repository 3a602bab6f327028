"""Card of TALL masks: the tasks that own the selfish weights of each layer."""

from collections.abc import Mapping
from typing import Any

from app.figures.heat_map import Cells, heat_map
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.owners import owner_cells, owner_hovers, owner_rows, owners_takeaway
from app.views.tall_masks.shown import Shown, of_component
from app.views.tall_masks.split import by_place
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette


def owners_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw whose mask keeps the selfish weights of each layer."""
    selection, tasks = diagnosis.selection, shown.tasks
    split, *nulls = (
        by_place(counts, diagnosis.places, selection.component) for counts in (shown.counts, *shown.nulls)
    )
    cells = Cells(
        rows=split.labels,
        columns=tasks,
        values=owner_cells(split),
        text=[[f"{100 * share:.1f}" for share in row] for row in split.owners],
        hover=owner_hovers(split, tasks),
    )

    def clicked(point: Mapping[str, Any]) -> None:
        place = split.key(point["y"])
        if place is not None:
            selection.choose_place(place)
            selection.choose_task(point["x"])

    with card("masks.owners", f"Owners of the selfish weights{of_component(diagnosis)}"):
        chart(
            "masks.owners",
            heat_map(
                cells,
                tab_palette(),
                low=0.0,
                high=float(split.owners.max(initial=0.0)) or 1.0,
                chosen=(split.label(selection.place), selection.task),
                unit="share",
            ),
            takeaway=owners_takeaway(split, tasks, nulls),
            cannot_say="Share of a layer's changed weights that only this task's mask keeps, in %. On them "
            "the multi-task vector is close to the task's own update; a large update makes it so by its size "
            "alone. Click a cell to choose its layer and task.",
            rows=lambda: owner_rows(split, tasks, what="layer"),
            on_click=clicked,
            is_stale=shown.is_stale,
        )
