"""Page: how far fine-tuning moved each layer, and in what way."""

import streamlit as st

from app.registry import Page
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import COMPONENT, PLACE, TASK
from app.views.update_norms.magnitudes_card import magnitudes_card
from app.views.update_norms.maps_card import component_map_card, task_map_card
from app.views.update_norms.spectrum_card import spectrum_card, task_in_focus
from app.views.update_norms.tensors_card import TENSOR, chosen_tensors, tensors_card
from app.views.update_norms.to_lab_card import to_lab_card
from app.views.update_norms.weights_card import weights_card
from app.widgets.ask import ask_statistics
from app.widgets.diagnose_page import diagnose_page


def render() -> None:
    """Draw the page."""
    diagnose_page(
        "Update norms",
        "Where, and how far, did fine-tuning move the weights?",
        _body,
        page="norms",
        shows=(TASK, PLACE, COMPONENT),
    )


def _body(diagnosis: Diagnosis, lab: Lab) -> None:
    if not diagnosis.segments:
        st.info("No task moved any weight of this zoo: there is no update to look at.")
        return
    statistics = ask_statistics(diagnosis).value
    if statistics is None:
        return
    with st.container(key="norms-map-cards"):
        left, right = st.columns(2)
        with left:
            task_map_card(diagnosis, statistics)
        with right:
            component_map_card(diagnosis, statistics)
    to_lab_card(diagnosis, lab)
    tensors = chosen_tensors(diagnosis, statistics)
    words = {tensor.word: tensor for tensor in tensors}
    word = diagnosis.selection.one_of(TENSOR, list(words))
    matrices = [tensor for tensor in tensors if tensor.matrix is not None]
    # Without a choice, the first that has a spectrum.
    tensor = words[word] if word is not None else next(iter([*matrices, *tensors]), None)
    with st.container(key="norms-layer-cards"):
        left, right = st.columns(2)
        with left:
            magnitudes_card(diagnosis, statistics)
        with right:
            tensors_card(diagnosis, tensors, tensor)
    if tensor is None:
        return
    task = task_in_focus(diagnosis, statistics, tensor)
    with st.container(key="norms-tensor-cards"):
        left, right = st.columns(2)
        with left:
            spectrum_card(diagnosis, task, tensor)
        with right:
            weights_card(diagnosis, task, tensor)


PAGE = Page("Update norms", section="Diagnose", order=10, icon=":material/grid_on:", render=render)
