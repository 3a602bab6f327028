"""Card with the page's inputs, how far weights are trimmed and how conflict is measured, and the answer."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.views.sign_conflicts.answer import conflict_takeaway
from app.views.sign_conflicts.look import DENSITY, part
from app.views.sign_conflicts.sign_numbers import TRIM, SignNumbers, ask_numbers
from app.widgets.choice_inputs import choice_segments, choice_slider
from app.widgets.look import as_shown

_BY = {"weights": "count weights", "magnitude": "weigh by magnitude"}


def answer_card(diagnosis: Diagnosis) -> SignNumbers | None:
    """Draw the inputs and the answer; return the numbers that all other cards draw, None without any."""
    selection = diagnosis.selection
    with st.container(border=True, key="signs.top.card"), st.container(key="signs-top-cards"):
        left, middle, right = st.columns([1.25, 1.05, 2.2], gap="medium")
        with left:
            choice_slider(
                selection,
                TRIM,
                "Share of weights each task keeps",
                default=DENSITY,
                low=0.01,
                high=1.0,
                step=0.01,
                page="signs",
                help="Each task keeps its largest updates of the whole model, as TIES trims; 1 keeps all.",
            )
        with middle:
            by = choice_segments(
                selection,
                "by",
                "Conflict",
                list(_BY),
                default="weights",
                page="signs",
                format_func=_BY.__getitem__,
                help="Count: every kept weight counts the same. Weigh: a weight counts by the product of "
                "two tasks' updates, |τᵢ||τⱼ|.",
            )
        with right:
            numbers = ask_numbers(diagnosis, is_weighted=by == "magnitude")
            if numbers is not None:
                _answer(numbers)
    return numbers


def _answer(numbers: SignNumbers) -> None:
    selection, look = numbers.diagnosis.selection, numbers.look
    sums = part(numbers.trimmed, selection.place, selection.component)
    st.markdown(f"**{as_shown(conflict_takeaway(look, sums, where=numbers.where))}**")
    late = f"Still at {look.density:g}; new numbers are on their way. " if numbers.is_stale else ""
    st.caption(
        f"{late}Chance: updates of the same sizes with random signs. A difference from chance is clear when "
        "it is at least one percentage point and at most 1 in 1000 random draws would reach it. Every weight "
        "has a sign of its own there: updates of rank 1 or 2 have fewer, and go further by chance in small "
        "parts. Opposite signs need not cost accuracy: Measured interference shows what they cost."
    )
