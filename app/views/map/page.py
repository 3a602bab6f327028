"""Page: which tasks and layers resemble one another, and where a merge moves the images."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import COMPONENT, PAIR, PLACE, TASK
from app.views.map.cosines_card import cosines_card
from app.views.map.images_card import images_card
from app.views.map.layers_card import layers_card
from app.views.map.tasks_card import tasks_card
from app.widgets.ask import ask_statistics
from app.widgets.diagnose_page import diagnose_page


def render() -> None:
    """Draw the page."""
    diagnose_page(
        "Map",
        "Which tasks and layers resemble one another, and where does a merge move the images?",
        _body,
        page="map",
        shows=(TASK, PAIR, PLACE, COMPONENT),
    )


def _body(diagnosis: Diagnosis, lab: Lab) -> None:
    if not diagnosis.segments:
        st.info("No task changed any weight of this zoo: there are no directions to compare.")
        return
    statistics = ask_statistics(diagnosis).value
    with st.container(key="map-cards"):
        left, right = st.columns(2)
        if statistics is not None:
            with left:
                cosines_card(diagnosis, statistics, lab)
            with right:
                tasks_card(diagnosis, statistics)
    if statistics is not None:
        layers_card(diagnosis, statistics)
    images_card(diagnosis, lab)
