"""Page: sliders of a merge, and the accuracy of the merged model."""

import streamlit as st

from app.registry import Page
from app.session.lab import Lab
from app.views.merge_lab.header_card import lab_header
from app.views.merge_lab.held_out_card import held_out_card
from app.views.merge_lab.recent_card import recent_card
from app.views.merge_lab.recipe_card import recipe_card
from app.views.merge_lab.results_card import results_card
from app.views.merge_lab.status_card import status_line
from app.views.merge_lab.strip_card import strip_card
from app.views.merge_lab.summary_card import summary_card
from app.views.merge_lab.task_card import task_card
from app.widgets.address import follow_address, write_address
from app.widgets.current_zoo import current_session, current_zoo

POLL = 0.1
"""Seconds between two looks at a measurement under way."""

GLANCE = 0.5
"""Seconds between two looks at work in the background."""


def render() -> None:
    """Draw the page; everything that measures happens in the worker."""
    session = current_session()
    lab, diagnosis = current_zoo(session)
    follow_address(lab, diagnosis.selection)
    lab.collect()
    lab.measure_if_needed()
    write_address(session, lab, diagnosis.selection)
    lab_header(lab)
    if lab.notice is not None:
        st.error(lab.notice, icon=":material/error:")
    with st.container(key="page"):
        recipe, results = st.columns([3, 8])
        with recipe:
            recipe_card(lab)
        with results:
            pace = POLL if lab.awaited else GLANCE if lab.background.jobs else None
            st.fragment(_results, run_every=pace)(lab, lab.editing.revision)


def _results(lab: Lab, revision: int) -> None:
    # A recipe loaded back from here changes the inputs too, which this part of the page does not draw.
    if lab.collect() or lab.editing.revision != revision:
        st.rerun()
    status_line(lab)
    summary_card(lab)
    with st.container(key="results"):
        middle, right = st.columns([5, 3])
        with middle:
            results_card(lab)
            task_card(lab)
        with right:
            held_out_card(lab)
            strip_card(lab)
            recent_card(lab)


PAGE = Page("Merge lab", section="Merge", order=10, icon=":material/tune:", render=render, is_default=True)
