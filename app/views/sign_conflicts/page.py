"""Page: where tasks pull the same weight in opposite directions, and whether more often than by chance."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.sign_conflicts.answer_card import answer_card
from app.views.sign_conflicts.excess_card import excess_card
from app.views.sign_conflicts.graded_card import graded_card
from app.views.sign_conflicts.magnitude_card import magnitude_card
from app.views.sign_conflicts.pairs_card import pairs_card
from app.views.sign_conflicts.shares_card import shares_card
from app.views.sign_conflicts.sign_numbers import ask_whole
from app.views.sign_conflicts.ties_card import ties_card
from app.widgets.diagnose_page import diagnose_page


def render() -> None:
    """Draw the page."""
    diagnose_page(
        "Sign conflicts",
        "Where do tasks pull the same weight in opposite directions, and more often than by chance?",
        _body,
        page="signs",
    )


def _body(diagnosis: Diagnosis, lab: Lab) -> None:
    if len(diagnosis.bench.tasks) < 2:
        st.info("A conflict needs two tasks; this zoo has one.", icon=":material/swap_vert:")
        return
    if not diagnosis.segments:
        st.info("No task changed any weight of this zoo: nothing can conflict.", icon=":material/swap_vert:")
        return
    numbers = answer_card(diagnosis)
    whole = ask_whole(diagnosis, numbers)
    if numbers is None or whole is None:
        return
    with st.container(key="signs-cards"):
        left, right = st.columns(2)
        with left:
            pairs_card(numbers, whole, lab)
        with right:
            shares_card(numbers)
    with st.container(key="signs-layer-cards"):
        left, right = st.columns(2)
        with left:
            excess_card(numbers)
        with right:
            graded_card(numbers)
    with st.container(key="signs-mass-cards"):
        left, right = st.columns(2)
        with left:
            magnitude_card(numbers)
        with right:
            ties_card(numbers, whole, lab)
