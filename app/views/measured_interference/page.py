"""Page: what merging costs, measured, and which diagnostic predicts it."""

import streamlit as st

from app.bench.interference import evaluated_tasks
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import PAIR
from app.views.measured_interference.disentanglement_card import disentanglement_card
from app.views.measured_interference.leave_out_card import leave_out_card
from app.views.measured_interference.orders_card import orders_card
from app.views.measured_interference.pairs_card import pairs_card
from app.views.measured_interference.predictors_card import predictors_card
from app.widgets.diagnose_page import diagnose_page
from app.widgets.look import as_shown


def render() -> None:
    """Draw the page."""
    diagnose_page(
        "Measured interference",
        "What does merging one task cost another, and which diagnostic predicts it?",
        _body,
        page="interference",
        shows=(PAIR,),
    )


def _body(diagnosis: Diagnosis, lab: Lab) -> None:
    if len(evaluated_tasks(diagnosis.bench)) < 2:
        skipped = sorted(set(diagnosis.bench.setup.skipped["val"].values()))
        why = "; ".join(skipped) or "the zoo has fewer than two tasks"
        st.info(
            f"Interference cannot be measured here: {as_shown(why)}. It needs an encoder, and heads and "
            "validation images of at least two tasks. Pages that read only the weights work without.",
            icon=":material/visibility_off:",
        )
        return
    with st.container(key="interference-cards"):
        left, right = st.columns(2)
        with left:
            costs = pairs_card(diagnosis, lab)
        with right:
            leave_out_card(diagnosis, lab)
    if costs is not None:
        predictors_card(diagnosis, costs)
    with st.container(key="interference-more-cards"):
        left, right = st.columns(2)
        with left:
            orders_card(diagnosis, lab)
        with right:
            disentanglement_card(diagnosis, lab)
