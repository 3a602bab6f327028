"""Card of Sign conflicts: how far weights are trimmed, how conflict is told, and the answer."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.views.sign_conflicts.look import DENSITY, conflict_takeaway, part
from app.views.sign_conflicts.sign_numbers import TRIM, SignNumbers, ask_numbers
from app.widgets.choice_inputs import choice_segments, choice_slider

_BY = {"weights": "count weights", "magnitude": "weigh by magnitude"}


def top_card(diagnosis: Diagnosis) -> SignNumbers | None:
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
                help="Each task keeps its largest moves, model-wide, as TIES trims; 1 keeps all",
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
                help="Counting takes every kept weight alike; weighing takes |τᵢ||τⱼ| of every pair",
            )
        with right:
            numbers = ask_numbers(diagnosis, is_weighted=by == "magnitude")
            if numbers is not None:
                sums = part(numbers.trimmed, selection.place, selection.component)
                st.markdown(f"**{conflict_takeaway(numbers.look, sums, where=numbers.where)}**")
                late = f"Still at {numbers.look.density:g}. " if numbers.is_stale else ""
                st.caption(
                    f"{late}Chance: the same moves, each sign drawn anew. More or less than chance: at least "
                    "one percentage point away, and further than 1 in 1000 draws would be. Opposite signs "
                    "need not cost accuracy: Measured interference tells."
                )
    return numbers
