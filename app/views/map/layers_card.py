"""Card with every layer of every task, by numbers that can be compared across layers."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analysis.weights.statistics import Statistics
from app.session.diagnosis import Diagnosis
from app.views.map.layers import (
    COLOURS,
    LayerMap,
    layer_dots,
    layer_map_rows,
    layer_map_takeaway,
    layers_of,
)
from app.views.map.layouts import LAYOUTS, axis_titles, kept_by_chance, laying_out
from app.views.map.plane_figure import plane_figure
from app.widgets.ask import ask
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.look import tab_palette
from app.words.numbers import percent
from app.work.measurement import Measurement


def layers_card(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """Draw the map; components are points of their own only when colours show them."""
    selection = diagnosis.selection
    with card("map.layers", "Every layer of every task, by what its update looks like"):
        with st.container(horizontal=True):
            colour = choice_segments(selection, "colour", "Colour", COLOURS, default="task", page="map")
            layout = choice_segments(selection, "layout", "Layout", LAYOUTS, default="PCA", page="map")
        by_component = colour == "component"
        answer = ask(
            diagnosis,
            "map.layers",
            Measurement(
                (diagnosis.scope, by_component, layout),
                lambda _: layers_of(
                    statistics, diagnosis.places, by_component=by_component, method=layout.lower()
                ),
            ),
            label=laying_out("the layers", layout),
        )
        if answer.value is not None:
            _draw(diagnosis, answer.value, colour, is_stale=not answer.is_current)


def _draw(diagnosis: Diagnosis, found: LayerMap, colour: str, *, is_stale: bool) -> None:
    selection, n = diagnosis.selection, len(found.spots)

    def clicked(point: Mapping[str, Any]) -> None:
        task, place = point["customdata"]
        selection.choose_task(task)
        selection.choose_place(place)

    chart(
        "map.layers",
        plane_figure(
            layer_dots(found, colour, diagnosis.bench.tasks),
            tab_palette(),
            axes=axis_titles(found.explained),
            is_ordered=colour == "layer",
            chosen=selection.task if colour == "task" else None,
            height=460,
        ),
        takeaway=layer_map_takeaway(found),
        cannot_say=f"{n} points. The plane keeps {percent(found.kept)} of each point's five nearest "
        f"neighbours; random positions would keep {percent(kept_by_chance(n))}. Points are placed by the "
        "size of each update beside its task's median, by evenness, cosines and conflict, standardised. "
        "Chance: tasks assigned to the points at random. Weights of different layers do not correspond and "
        "are not compared. Click a point to choose its task and layer.",
        rows=lambda: layer_map_rows(found),
        on_click=clicked,
        is_stale=is_stale,
    )
