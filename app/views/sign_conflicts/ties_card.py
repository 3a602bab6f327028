"""Card with what TIES would keep, trim and out-vote, and the way to try it in the lab."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple

import streamlit as st

from analysis.weights.statistics import Statistics
from app.figures.stacked_rows import Part, stacked_rows
from app.session.lab import Lab
from app.session.recipe_edits import with_method
from app.views.sign_conflicts.layer_rows import layer_rows
from app.views.sign_conflicts.look import part
from app.views.sign_conflicts.sign_numbers import SignNumbers
from app.views.sign_conflicts.ties import (
    FATES,
    Fates,
    fate_rows,
    fates_by_layer,
    fates_by_task,
    ties_takeaway,
)
from app.widgets.chart_card import card, chart, colour_key
from app.widgets.choice_inputs import choice_segments
from app.widgets.look import tab_palette
from app.widgets.navigation import go_to
from app.words.numbers import number_or_none

_BY = {"task": "by task", "layer": "by layer"}


def ties_card(numbers: SignNumbers, whole: Statistics, lab: Lab) -> None:
    """Draw the shares of each task's or layer's mass, and the button that tries TIES in the lab."""
    density, colours = numbers.look.density, tab_palette()
    hues = dict(zip(FATES, (colours.merge, colours.track, colours.worse), strict=True))
    with card("signs.ties", "What TIES would do with the updates"):
        by = _inputs(numbers, lab)
        shown = _by_task(numbers, whole) if by == "task" else _by_layer(numbers, whole)
        chart(
            "signs.ties",
            stacked_rows(
                shown.fates.names,
                [[number_or_none(share) for share in row] for row in shown.fates.shares],
                [Part(name, hue) for name, hue in hues.items()],
                colours,
                of_what="mass Σ|τ|",
                chosen=shown.chosen,
            ),
            takeaway=ties_takeaway(shown.fates, density, task=shown.task),
            cannot_say="An out-voted update is left out, not reversed. All tasks at weight 1; other weights "
            "change the vote. Less mass need not mean less accuracy.",
            rows=lambda: fate_rows(shown.fates, by),
            on_click=shown.choose,
            is_stale=numbers.is_stale,
            legend=colour_key(hues),
        )


def _inputs(numbers: SignNumbers, lab: Lab) -> str:
    """Draw the choice of rows and the button; return what the rows are."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = choice_segments(
            numbers.diagnosis.selection,
            "ties",
            "Rows",
            list(_BY),
            default="task",
            page="signs",
            format_func=_BY.__getitem__,
            label_visibility="collapsed",
        )
        if st.button("Try it in the lab", key="signs.ties_to_lab", icon=":material/tune:"):
            lab.change(with_method(lab.recipe, "ties", {"density": numbers.look.density}))
            go_to("Merge lab")
    return by


class _Shown(NamedTuple):
    """What the chart shows, and what a click on it does."""

    fates: Fates
    task: str | None
    """The task all rows belong to; None for all tasks."""
    chosen: Collection[str]
    choose: Callable[[Mapping[str, Any]], None]


def _by_task(numbers: SignNumbers, whole: Statistics) -> _Shown:
    selection, look = numbers.diagnosis.selection, numbers.look
    here = selection.place, selection.component
    fates = fates_by_task(look.tasks, part(whole, *here), part(numbers.trimmed, *here))
    chosen = look.pair or [task for task in (selection.task,) if task]
    return _Shown(fates, None, chosen, lambda point: selection.choose_task(point["y"]))


def _by_layer(numbers: SignNumbers, whole: Statistics) -> _Shown:
    rows, trimmed = (layer_rows(numbers.diagnosis, one) for one in (whole, numbers.trimmed))
    task = numbers.diagnosis.selection.task
    column = None if task is None else numbers.look.tasks.index(task)
    fates = fates_by_layer(rows.places, rows.sums, trimmed.sums, task=column)
    return _Shown(fates, task, rows.chosen, rows.choose)
