"""Page: scaling that grows with depth, and whether it earns what it claims."""

import streamlit as st

from app.registry import Page
from app.services.choices import TASK
from app.services.diagnosis import Diagnosis
from app.services.lab import Lab
from app.widgets.diagnose_page import diagnose_page
from app.widgets.lines_layers import sensitivity_card, trade_off_card
from app.widgets.lines_now import ramp_card, score_card
from app.widgets.lines_settings import lines_settings
from app.widgets.lines_sweep import sweep_card


def render() -> None:
    """Draw the page."""
    diagnose_page(
        "LiNeS",
        "Does scaling that grows with depth do better than a constant of the same size?",
        _body,
        page="lines",
        shows=(TASK,),
    )


def _body(diagnosis: Diagnosis, lab: Lab) -> None:
    settings = lines_settings(diagnosis, lab)
    if settings is None:
        return
    if not diagnosis.bench.largest_sample("val"):
        ramp_card(settings, lab)
        reasons = "; ".join(sorted(set(diagnosis.bench.setup.skipped["val"].values())))
        st.info(f"Nothing can be measured: {reasons}.", icon=":material/visibility_off:")
        return
    with st.container(key="lines-now-cards"):
        left, right = st.columns(2)
        with left:
            ramp_card(settings, lab)
        with right:
            score_card(diagnosis, settings)
    with st.container(key="lines-measured-cards"):
        left, right = st.columns(2)
        with left:
            sweep_card(diagnosis, settings, lab)
            trade_off_card(diagnosis, lab)
        with right:
            sensitivity_card(diagnosis, settings)


PAGE = Page("LiNeS", section="Diagnose", order=40, icon=":material/show_chart:", render=render)
