"""Cards of the Map: the directions of the tasks' updates within one part of the model."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analysis.weights.projection import FEW
from analysis.weights.statistics import Statistics
from app.figures.heat_map import Cells, heat_map
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.recipe_edits import only_pair
from app.views.map.layers_card import LAYOUTS, UMAP_AXES
from app.views.map.plane_figure import Dots, plane_figure
from app.views.map.tasks import (
    TaskMap,
    cosines_takeaway,
    in_umap,
    task_map,
    task_map_rows,
    task_map_takeaway,
)
from app.widgets.ask import ask
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.pair_to_lab import pair_to_lab
from app.words.numbers import count, fixed, percent
from app.words.parts import COMPONENT_NAMES, place_name
from app.work.measurement import Measurement
from app.work.request import Answer


def cosines_card(diagnosis: Diagnosis, statistics: Statistics, lab: Lab) -> None:
    """Draw the cosine of every two tasks, and the way into the lab with two of them."""
    found, tasks = _map(diagnosis, statistics), statistics.tasks
    selection = diagnosis.selection

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_pair(point["x"], point["y"])

    n = len(tasks)
    largest = max((abs(found.cosines[a, b]) for a in range(n) for b in range(a)), default=1.0) or 1.0
    values = [[None if a == b else float(found.cosines[a, b]) for b in range(n)] for a in range(n)]
    with card("map.cosines", f"Cosine of the tasks' updates, {_part(diagnosis)}"):
        if selection.pair is not None:
            pair_to_lab("map.to_lab", lab, only_pair(lab.recipe, selection.pair))
        chart(
            "map.cosines",
            heat_map(
                Cells(
                    rows=tasks,
                    columns=tasks,
                    values=values,
                    text=[["" if one is None else fixed(one, 2) for one in row] for row in values],
                    hover=[
                        [
                            "" if i == j else f"{a} and {b}: cosine {fixed(found.cosines[i, j], 3)}"
                            for j, b in enumerate(tasks)
                        ]
                        for i, a in enumerate(tasks)
                    ],
                ),
                palette(st.context.theme.type),
                low=-largest,
                high=largest,
                is_diverging=True,
                chosen=selection.pair or (None, None),
                is_square=True,
                unit="cosine",
                height=380,
            ),
            takeaway=cosines_takeaway(found),
            cannot_say=f"With every sign drawn by chance all cosines of {count(found.n)} weights would lie "
            f"within ±{found.widest_chance:.2g} of 0, in 95 of 100 draws at least. A cosine does not tell "
            "accuracy: Measured interference does. Click a cell to choose the pair.",
            rows=lambda: [
                {
                    "task_a": a,
                    "task_b": b,
                    "cosine": float(found.cosines[i, j]),
                    "within_by_chance": float(found.cosine_by_chance[i, j]),
                }
                for i, a in enumerate(tasks)
                for j, b in enumerate(tasks)
                if i < j
            ],
            on_click=clicked,
        )


def tasks_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw the tasks as points, by the directions of their updates."""
    selection = diagnosis.selection

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_task(point["customdata"][0])

    with card("map.tasks", f"Directions of the tasks' updates, {_part(diagnosis)}"):
        answer = _laid_out(diagnosis, statistics)
        found = answer.value
        if found is None:
            return
        if found.explained is None:
            axes, how = UMAP_AXES, "UMAP of unit vectors: only who is near whom means anything."
        else:
            first, second = found.explained
            axes = (f"first axis, {percent(first)}", f"second axis, {percent(second)}")
            how = (
                "PCA of unit vectors, from their exact scalar products. Near points have similar directions "
                "only as far as the two axes tell."
            )
            if len(found.tasks) < FEW:
                how += " UMAP would invent groups among so few points."
        chart(
            "map.tasks",
            plane_figure(
                [
                    Dots(task, [float(x)], [float(y)], [task], [[task]])
                    for task, (x, y) in zip(found.tasks, found.points, strict=True)
                ],
                palette(st.context.theme.type),
                axes=axes,
                chosen=selection.task,
            ),
            takeaway=task_map_takeaway(found),
            cannot_say=f"{how} Click a point to choose its task.",
            rows=lambda: task_map_rows(found),
            on_click=clicked,
            is_stale=not answer.is_current,
        )


def _laid_out(diagnosis: Diagnosis, statistics: Statistics) -> Answer[Any, TaskMap]:
    """PCA, which costs nothing, or UMAP where it is chosen and there are points enough."""
    found, selection = _map(diagnosis, statistics), diagnosis.selection
    part = selection.place, selection.component
    if len(found.tasks) < FEW:
        return Answer(found, part, is_current=True)
    if choice_segments(selection, "directions", "Layout", LAYOUTS, default="PCA", page="map") == "PCA":
        return Answer(found, part, is_current=True)
    return ask(
        diagnosis,
        "map.tasks",
        Measurement(part, lambda _: in_umap(found)),
        label="Laying the tasks out, the first time half a minute",
    )


def _map(diagnosis: Diagnosis, statistics: Statistics) -> TaskMap:
    place, component = diagnosis.selection.place, diagnosis.selection.component
    chosen = [
        row
        for row, segment in enumerate(statistics.segments)
        if (place is None or segment.place.key == place)
        and (component is None or segment.component == component)
    ]
    return task_map(statistics.tasks, statistics.sums.at(chosen))


def _part(diagnosis: Diagnosis) -> str:
    selection = diagnosis.selection
    names = {place.key: place_name(place, diagnosis.places) for place in diagnosis.places}
    where = "all layers" if selection.place is None else names[selection.place]
    if selection.component is None:
        return where
    return f"{COMPONENT_NAMES.get(selection.component, selection.component)}, {where}"
