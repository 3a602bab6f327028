"""Card of Sign conflicts: what TIES would keep, trim and out-vote."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from analysis.weights.statistics import Statistics
from app.figures.palette import palette
from app.figures.stacked_rows import Part, stacked_rows
from app.session.lab import Lab
from app.session.recipe_edits import with_ties
from app.views.sign_conflicts.excess_card import chosen_labels, clicked_row, key_of
from app.views.sign_conflicts.look import by_layer, part
from app.views.sign_conflicts.sign_numbers import SignNumbers
from app.views.sign_conflicts.ties import FATES, fate_rows, fates_by_layer, fates_by_task, ties_takeaway
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.navigation import go_to
from app.words.numbers import number_or_none
from app.words.parts import row_labels

_BY = {"task": "by task", "layer": "by layer"}


def ties_card(numbers: SignNumbers, whole: Statistics, lab: Lab) -> None:
    """Draw the shares of each task's or layer's mass, and the button that tries TIES in the lab."""
    diagnosis, density = numbers.diagnosis, numbers.look.density
    selection, colours = diagnosis.selection, palette(st.context.theme.type)
    with card("signs.ties", "What TIES would do with the moves"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            by = choice_segments(
                selection,
                "ties",
                "Rows",
                list(_BY),
                default="task",
                page="signs",
                format_func=_BY.__getitem__,
                label_visibility="collapsed",
            )
            if st.button("Try it in the lab", key="signs.ties_to_lab", icon=":material/tune:"):
                lab.change(with_ties(lab.recipe, density))
                go_to("Merge lab")
        places, sums = by_layer(whole, diagnosis.places, selection.component)
        if by == "task":
            here = selection.place, selection.component
            found = fates_by_task(numbers.look.tasks, part(whole, *here), part(numbers.trimmed, *here))
            task, focus = None, numbers.look.pair or [one for one in (selection.task,) if one]
        else:
            _, trimmed = by_layer(numbers.trimmed, diagnosis.places, selection.component)
            task, labels = selection.task, row_labels(places)
            column = None if task is None else numbers.look.tasks.index(task)
            found = fates_by_layer(places, sums, trimmed, task=column)
            focus = chosen_labels(diagnosis, places, labels)

        def clicked(point: Mapping[str, Any]) -> None:
            if by == "task":
                selection.choose_task(point["y"])
            else:
                clicked_row(diagnosis, places, labels)(point)

        parts = [
            Part(name, hue)
            for name, hue in zip(FATES, (colours.merge, colours.track, colours.worse), strict=True)
        ]
        chart(
            "signs.ties",
            stacked_rows(
                found.names,
                [[number_or_none(share) for share in row] for row in found.shares],
                parts,
                colours,
                of_what="mass Σ|τ|",
                chosen=focus,
            ),
            takeaway=ties_takeaway(found, density, task=task),
            cannot_say="An out-voted move is left out, not turned round. All tasks at weight 1: other "
            "weights change the vote. Less mass is not less accuracy.",
            rows=lambda: fate_rows(found, by),
            on_click=clicked,
            is_stale=numbers.is_stale,
            legend=key_of(parts),
        )
