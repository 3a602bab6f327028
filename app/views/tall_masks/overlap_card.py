"""Card of TALL masks: the overlap of each pair of masks."""

from collections.abc import Mapping
from typing import Any

from app.figures.heat_map import Cells, heat_map
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.overlap import (
    overlap,
    overlap_cells,
    overlap_hovers,
    overlap_rows,
    overlap_takeaway,
)
from app.views.tall_masks.shown import Shown, of_part
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette


def overlap_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw how far every two masks overlap, beside independent ones."""
    sums, nulls = shown.part(diagnosis.selection)
    found, tasks = overlap(sums, nulls, shown.tasks), shown.tasks
    values = overlap_cells(found)
    known = [value for row in values for value in row if value is not None]
    cells = Cells(
        rows=tasks,
        columns=tasks,
        values=values,
        text=[["" if value is None else f"{100 * value:.0f}" for value in row] for row in values],
        hover=overlap_hovers(found),
        hatched=[[False] * len(tasks) for _ in tasks],
    )
    pair = diagnosis.selection.pair

    def clicked(point: Mapping[str, Any]) -> None:
        diagnosis.selection.choose_pair(point["x"], point["y"])

    with card("masks.overlap", f"Overlap of each pair of masks{of_part(diagnosis)}"):
        chart(
            "masks.overlap",
            heat_map(
                cells,
                tab_palette(),
                low=min(known, default=0.0),
                high=max(known, default=1.0),
                chosen=(None, None) if pair is None else (pair[1], pair[0]),
                unit="intersection / union",
            ),
            takeaway=overlap_takeaway(found),
            cannot_say="Of the weights that at least one of two masks keeps, the share that both keep, in %. "
            "Below the diagonal: these masks; above it: independent masks of the same densities. Masks of "
            "tasks with large updates in the same places overlap even if the tasks share no direction. Click "
            "a cell to choose the pair.",
            rows=lambda: overlap_rows(found),
            on_click=clicked,
            is_stale=shown.is_stale,
        )
