"""Page: sizes of the updates of each layer, tensor and weight, and their directions."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import COMPONENT, PLACE, TASK
from app.views.update_norms.by_component_card import by_component_card
from app.views.update_norms.by_task_card import by_task_card
from app.views.update_norms.magnitudes_card import magnitudes_card
from app.views.update_norms.single_weights_card import single_weights_card
from app.views.update_norms.spectrum_card import spectrum_card
from app.views.update_norms.tensors import task_that_changed_most, tensor_in_focus
from app.views.update_norms.tensors_card import TENSOR, chosen_tensors, tensors_card
from app.views.update_norms.to_lab_card import to_lab_card
from app.widgets.ask import ask_statistics
from app.widgets.diagnose_page import diagnose_page


def render() -> None:
    """Draw the page."""
    diagnose_page(
        "Update norms",
        "Where, and by how much, did fine-tuning change the weights?",
        _body,
        page="norms",
        shows=(TASK, PLACE, COMPONENT),
    )


def _body(diagnosis: Diagnosis, lab: Lab) -> None:
    if not diagnosis.segments:
        st.info("No task changed any weight of this zoo, so there is no update to look at.")
        return
    statistics = ask_statistics(diagnosis).value
    if statistics is None:
        return
    with st.container(key="norms-map-cards"):
        left, right = st.columns(2)
        with left:
            by_task_card(diagnosis, statistics)
        with right:
            by_component_card(diagnosis, statistics)
    to_lab_card(diagnosis, lab)
    tensors = chosen_tensors(diagnosis, statistics)
    tensor = tensor_in_focus(tensors, diagnosis.selection.words.get(TENSOR))
    with st.container(key="norms-layer-cards"):
        left, right = st.columns(2)
        with left:
            magnitudes_card(diagnosis, statistics)
        with right:
            tensors_card(diagnosis, tensors, tensor)
    if tensor is None:
        return
    task = diagnosis.selection.task or task_that_changed_most(statistics, tensor.segment)
    with st.container(key="norms-tensor-cards"):
        left, right = st.columns(2)
        with left:
            spectrum_card(diagnosis, task, tensor)
        with right:
            single_weights_card(diagnosis, task, tensor)
