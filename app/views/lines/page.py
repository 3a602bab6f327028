"""Page: scaling that grows with depth, measured against a constant of the same size."""

import streamlit as st

from app.bench.interference import evaluated_tasks
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import PLACE, TASK
from app.views.lines.layers_card import layers_card
from app.views.lines.ramp_card import ramp_card
from app.views.lines.score_card import score_card
from app.views.lines.settings_card import lines_settings
from app.views.lines.sweep_card import sweep_card
from app.views.lines.trade_off_card import trade_off_card
from app.widgets.diagnose_page import diagnose_page
from app.widgets.look import as_shown
from app.widgets.section import section


def render() -> None:
    """Draw the page."""
    diagnose_page(
        "LiNeS",
        "Does scaling that grows with depth do better than the best constant?",
        _body,
        page="lines",
        shows=(TASK, PLACE),
    )


def _body(diagnosis: Diagnosis, lab: Lab) -> None:
    if not diagnosis.segments:
        st.info("No task changed any weight of this zoo, so there is no update to scale.")
        return
    settings = lines_settings(diagnosis, lab)
    if settings is None:
        return
    if not evaluated_tasks(diagnosis.bench):
        ramp_card(diagnosis, settings, lab)
        skipped = set(diagnosis.bench.setup.skipped["val"].values())
        reasons = "; ".join(sorted(skipped)) or "no task has validation images"
        st.info(
            as_shown(f"Accuracy under a ramp cannot be measured here: {reasons}."),
            icon=":material/visibility_off:",
        )
        return
    selection = diagnosis.selection
    with st.container(key="lines-now-cards"):
        left, right = st.columns(2)
        with left:
            ramp_card(diagnosis, settings, lab)
        with right:
            sweep_card(diagnosis, settings, lab)
    with st.container(key="lines-more-cards"):
        for name, title, body in (
            ("ramp", "This ramp alone, task by task", lambda: score_card(diagnosis, settings)),
            ("layers", "What each layer is worth", lambda: layers_card(diagnosis, settings)),
            (
                "alone",
                "One task alone: what it keeps and what the others forget",
                lambda: trade_off_card(diagnosis, lab),
            ),
        ):
            section(selection, name, title, body, is_open_at_first=name == "layers")
