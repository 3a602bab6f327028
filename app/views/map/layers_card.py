"""Card of the Map: every layer of every task, by numbers that layers can be compared with."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from analysis.model.segments import Segment
from analysis.weights.statistics import Statistics
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.views.map.plane_figure import Dots, plane_figure
from app.views.map.tasks import LayerMap, Spot, layer_map, layer_map_rows, layer_map_takeaway
from app.widgets.ask import ask
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.words.numbers import percent
from app.words.parts import COMPONENT_NAMES
from app.work.measurement import Measurement

_COLOURS = ("task", "layer", "component")
LAYOUTS = ("PCA", "UMAP")

UMAP_AXES = ("UMAP: 15 neighbours, least distance 0.1, seed 0", "who is near whom counts, not how far")
"""What stands at axes that have no meaning of their own."""


def layers_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw the map; components are told apart only when colours show them."""
    selection = diagnosis.selection
    with card("map.layers", "Every layer of every task, by what its update looks like"):
        with st.container(horizontal=True):
            colour = choice_segments(selection, "colour", "Colour", _COLOURS, default="task", page="map")
            layout = choice_segments(selection, "layout", "Layout", LAYOUTS, default="PCA", page="map")
        by_component = colour == "component"
        answer = ask(
            diagnosis,
            "map.layers",
            Measurement(
                (diagnosis.scope, by_component, layout),
                lambda _: _laid_out(diagnosis, statistics, by_component=by_component, method=layout.lower()),
            ),
            label="Laying the layers out" + (", the first time half a minute" if layout == "UMAP" else ""),
        )
        if answer.value is not None:
            _draw(diagnosis, answer.value, colour, is_stale=not answer.is_current)


def _laid_out(diagnosis: Diagnosis, statistics: Statistics, *, by_component: bool, method: str) -> LayerMap:
    def group(segment: Segment) -> tuple[int, str]:
        return depth[segment.place.key], segment.component if by_component else "all"

    depth = {place.key: row for row, place in enumerate(diagnosis.places)}
    groups, sums = statistics.by(group)
    spots = [
        Spot(task, diagnosis.places[row].key, diagnosis.places[row].label, row, component)
        for row, component in groups
        for task in statistics.tasks
    ]
    return layer_map(spots, sums, statistics.tasks, method=method)


def _draw(diagnosis: Diagnosis, found: LayerMap, colour: str, *, is_stale: bool) -> None:
    selection = diagnosis.selection

    def clicked(point: Mapping[str, Any]) -> None:
        task, place = point["customdata"]
        selection.choose_task(task)
        selection.choose_place(place)

    if found.explained is None:
        axes = UMAP_AXES
    else:
        axes = (f"first axis, {percent(found.explained[0])}", f"second axis, {percent(found.explained[1])}")
    focus = selection.task if colour == "task" else None
    chart(
        "map.layers",
        plane_figure(
            _dots(found, colour, diagnosis.bench.tasks),
            palette(st.context.theme.type),
            axes=axes,
            is_ordered=colour == "layer",
            chosen=focus,
            height=460,
        ),
        takeaway=layer_map_takeaway(found),
        cannot_say=f"{len(found.spots)} points; the plane keeps {percent(found.kept)} of five nearest "
        f"neighbours, random places {percent(min(5 / max(len(found.spots) - 1, 1), 1))}. Coordinates: size, "
        "evenness, cosines and conflict of each update, standardised. Raw weights of different layers do not "
        "correspond and are not compared. Click a point to choose its task and layer.",
        rows=lambda: layer_map_rows(found),
        on_click=clicked,
        is_stale=is_stale,
    )


def _dots(found: LayerMap, colour: str, tasks: Sequence[str]) -> list[Dots]:
    def group(spot: Spot) -> str:
        if colour == "component":
            return COMPONENT_NAMES.get(spot.component, spot.component)
        return spot.layer if colour == "layer" else spot.task

    if colour == "task":
        names = list(tasks)  # All and in the zoo's order: a task has the hue it has among the directions.
    else:
        names = list(dict.fromkeys(group(spot) for spot in sorted(found.spots, key=lambda spot: spot.depth)))
    dots = []
    for name in names:
        members = [k for k, spot in enumerate(found.spots) if group(spot) == name]
        spots = [found.spots[k] for k in members]
        dots.append(
            Dots(
                name,
                [float(found.points[k, 0]) for k in members],
                [float(found.points[k, 1]) for k in members],
                [f"{spot.task}, layer {spot.layer}" for spot in spots],
                [[spot.task, spot.place] for spot in spots],
            )
        )
    return dots
