"""Card with the tasks as points, by the directions of their updates."""

from collections.abc import Mapping
from typing import Any

from analysis.weights.projection import FEW
from analysis.weights.statistics import Statistics
from app.session.diagnosis import Diagnosis
from app.views.map.layouts import LAYOUTS, axis_titles, laying_out
from app.views.map.plane_figure import plane_figure
from app.views.map.tasks import (
    TaskMap,
    in_umap,
    task_dots,
    task_map_note,
    task_map_rows,
    task_map_takeaway,
    task_map_within,
)
from app.widgets.ask import ask
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.chosen_layer import where
from app.widgets.look import tab_palette
from app.work.measurement import Measurement
from app.work.request import Answer


def tasks_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw the points in the layout that is chosen."""
    selection = diagnosis.selection

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_task(point["customdata"][0])

    with card("map.tasks", f"Directions of the tasks' updates, {where(diagnosis)}"):
        answer = _laid_out(diagnosis, statistics)
        found = answer.value
        if found is None:
            return
        chart(
            "map.tasks",
            plane_figure(
                task_dots(found),
                tab_palette(),
                axes=axis_titles(found.explained),
                chosen=selection.task,
            ),
            takeaway=task_map_takeaway(found),
            cannot_say=f"{task_map_note(found)} Click a point to choose its task.",
            rows=lambda: task_map_rows(found),
            on_click=clicked,
            is_stale=not answer.is_current,
        )


def _laid_out(diagnosis: Diagnosis, statistics: Statistics) -> Answer[Any, TaskMap]:
    """PCA, which costs nothing, or UMAP where it is chosen and there are points enough."""
    selection = diagnosis.selection
    part = selection.place, selection.component
    found = task_map_within(statistics, place=selection.place, component=selection.component)
    if len(found.tasks) < FEW:
        return Answer(found, part, is_current=True)
    layout = choice_segments(selection, "directions", "Layout", LAYOUTS, default="PCA", page="map")
    if layout == "PCA":
        return Answer(found, part, is_current=True)
    return ask(
        diagnosis,
        "map.tasks",
        Measurement(part, lambda _: in_umap(found)),
        label=laying_out("the tasks", layout),
    )
