"""Words of the cards about the chosen layer."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.words.markdown import unformatted
from app.words.parts import COMPONENT_NAMES, place_name


def where(diagnosis: Diagnosis) -> str:
    """The chosen weights inside a sentence: "block 3", "attention q of all layers"."""
    selection = diagnosis.selection
    place = next((place for place in diagnosis.places if place.key == selection.place), None)
    layer = "all layers" if place is None else place_name(place, diagnosis.places)
    return layer if selection.component is None else f"{COMPONENT_NAMES[selection.component]} of {layer}"


def no_weights(diagnosis: Diagnosis) -> None:
    """State that the chosen layer has no weights of the chosen component."""
    st.info(
        f"There are no weights in {unformatted(where(diagnosis))}. Choose another layer or component.",
        icon=":material/filter_alt_off:",
    )
