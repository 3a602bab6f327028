"""Page: sliders of a merge, and the accuracy of the merged model."""

from collections.abc import Callable

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.merge_lab.geometry_card import geometry_card
from app.views.merge_lab.header_card import lab_header
from app.views.merge_lab.held_out_card import held_out_card
from app.views.merge_lab.pinned_card import pinned_card
from app.views.merge_lab.recent_card import recent_card
from app.views.merge_lab.recipe_card import recipe_card
from app.views.merge_lab.results_card import results_card
from app.views.merge_lab.status_card import status_line, status_text
from app.views.merge_lab.strip_card import strip_card
from app.views.merge_lab.summary_card import summary_card
from app.views.merge_lab.task_card import task_card
from app.widgets.address import follow_address, write_address
from app.widgets.current_zoo import current_session, current_zoo
from app.widgets.drawing import Drawing
from app.widgets.look import as_shown
from app.widgets.section import section


def render() -> None:
    """Draw the page; everything that measures happens in the worker."""
    session = current_session()
    lab, diagnosis = current_zoo(session)
    lab.collect()
    drawing = Drawing(lab)
    follow_address(lab, diagnosis.selection)
    lab.measure_if_needed()
    write_address(session, lab, diagnosis.selection)
    lab_header(lab)
    if lab.notice is not None:
        st.error(as_shown(lab.notice), icon=":material/error:")
    with st.container(key="page"):
        recipe, results = st.columns([3, 8])
        with recipe:
            recipe_card(lab)
        with results:
            status = status_line(lab)
            add = _results(lab, diagnosis)
    with status:
        drawing.follow(lambda: status_text(lab), add)


def _results(lab: Lab, diagnosis: Diagnosis) -> Callable[[int], None]:
    """Draw the cards, and return what draws those again that change while more is measured."""
    summary_card(lab)
    pinned_card(lab)
    with st.container(key="results"):
        middle, right = st.columns([5, 3])
        with middle:
            add_scores = results_card(lab)
            task_card(lab)
            _geometry(lab, diagnosis)
        with right:
            held_out_card(lab)
            add_positions = strip_card(lab)
            recent_card(lab)
    return lambda n_new: add_scores(n_new) if lab.measuring.is_waiting else add_positions(n_new)


def _geometry(lab: Lab, diagnosis: Diagnosis) -> None:
    """Without images, what can be said of the merge; with them, on request."""
    section(
        diagnosis.selection,
        "geometry",
        "The merge without images: directions and conflict left",
        lambda: geometry_card(lab, diagnosis),
        is_open_at_first=not lab.bench.largest_sample("val"),
    )
