"""Cards of TALL masks: where in the model masks keep weights, and whose the selfish ones are."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from app.figures.heat_map import Cells, heat_map
from app.figures.palette import palette
from app.figures.stacked_rows import Part, stacked_rows
from app.session.diagnosis import Diagnosis
from app.views.tall_masks.count_names import count_name
from app.views.tall_masks.counts_card import counts_key
from app.views.tall_masks.counts_figure import count_colours
from app.views.tall_masks.layers import (
    Split,
    by_component,
    by_place,
    owner_rows,
    owners_takeaway,
    split_rows,
    split_takeaway,
)
from app.views.tall_masks.shown_card import Shown
from app.widgets.chart_card import card, chart
from app.words.numbers import percent_or_dash
from app.words.parts import COMPONENT_NAMES, place_name


def layers_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the counts layer by layer."""
    selection = diagnosis.selection
    split = by_place(shown.counts, diagnosis.places, selection.component)
    which = "" if selection.component is None else f", {COMPONENT_NAMES[selection.component]}"

    def clicked(point: Mapping[str, Any]) -> None:
        if point["y"] in split.labels:
            selection.choose_place(split.keys[split.labels.index(point["y"])])

    with card("masks.layers", f"The same by layer{which}"):
        nulls = [by_place(null, diagnosis.places, selection.component) for null in shown.nulls]
        _stacked("masks.layers", split, nulls, selection.place, shown, clicked, what="layer")


def components_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw the counts by kind of weights."""
    selection = diagnosis.selection
    split = by_component(shown.counts, selection.components, selection.place)
    place = next((place for place in diagnosis.places if place.key == selection.place), None)
    where = "" if place is None else f", {place_name(place, diagnosis.places)}"

    def clicked(point: Mapping[str, Any]) -> None:
        if point["y"] in split.labels:
            selection.choose_component(split.keys[split.labels.index(point["y"])])

    with card("masks.components", f"The same by component{where}"):
        nulls = [by_component(null, selection.components, selection.place) for null in shown.nulls]
        _stacked("masks.components", split, nulls, selection.component, shown, clicked, what="component")


def owners_card(diagnosis: Diagnosis, shown: Shown) -> None:
    """Draw whose mask keeps the selfish weights of each layer."""
    selection, tasks = diagnosis.selection, shown.tasks
    split = by_place(shown.counts, diagnosis.places, selection.component)
    nulls = [by_place(null, diagnosis.places, selection.component) for null in shown.nulls]
    which = "" if selection.component is None else f", {COMPONENT_NAMES[selection.component]}"
    largest = float(split.owners.max(initial=0.0)) or 1.0

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_place(split.keys[split.labels.index(point["y"])])
        selection.choose_task(point["x"])

    with card("masks.owners", f"Owners of the selfish weights{which}"):
        chart(
            "masks.owners",
            heat_map(
                Cells(
                    rows=split.labels,
                    columns=tasks,
                    values=[
                        [float(share) if n else None for share in row]
                        for row, n in zip(split.owners, split.n, strict=True)
                    ],
                    text=[[f"{100 * share:.1f}" for share in row] for row in split.owners],
                    hover=[
                        [
                            f"{label}: {percent_or_dash(share)} of the weights are kept by {task} alone"
                            for task, share in zip(tasks, row, strict=True)
                        ]
                        for label, row in zip(split.labels, split.owners, strict=True)
                    ],
                ),
                palette(st.context.theme.type),
                low=0.0,
                high=largest,
                chosen=(_label(split, selection.place), selection.task),
                unit="share",
            ),
            takeaway=owners_takeaway(split, tasks, nulls),
            cannot_say="Per cent of a layer's moved weights that this task's mask alone keeps. Owning a "
            "weight means that the sum, there, is near this task's own update; a large update does that by "
            "size alone. Click a cell to choose its layer and task.",
            rows=lambda: owner_rows(split, tasks, what="layer"),
            on_click=clicked,
            is_stale=shown.is_stale,
        )


def _stacked(
    key: str,
    split: Split,
    nulls: Sequence[Split],
    chosen: str | None,
    shown: Shown,
    clicked: Any,
    *,
    what: str,
) -> None:
    colours, n_tasks = palette(st.context.theme.type), len(shown.tasks)
    chart(
        key,
        stacked_rows(
            split.labels,
            split.kept_by.tolist(),
            [
                Part(f"kept by {count} ({count_name(count, n_tasks)})", colour)
                for count, colour in enumerate(count_colours(n_tasks, colours))
            ],
            colours,
            of_what="of the weights some task moved",
            null=np.mean([null.kept_by for null in nulls], axis=0).tolist() if nulls else None,
            chosen=[label for key, label in zip(split.keys, split.labels, strict=True) if key == chosen],
        ),
        takeaway=split_takeaway(split, nulls, what=what),
        cannot_say="Marks: where no mask and one mask end with every sign drawn anew. A count is not "
        "agreement, and says nothing of how much a weight matters. "
        f"Click a {what} to keep it chosen on every page.",
        rows=lambda: split_rows(split, nulls, what=what),
        on_click=clicked,
        is_stale=shown.is_stale,
        legend=counts_key(n_tasks, colours, with_null=bool(nulls)),
    )


def _label(split: Split, key: str | None) -> str | None:
    return split.labels[split.keys.index(key)] if key in split.keys else None
