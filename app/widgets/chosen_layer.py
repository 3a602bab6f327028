"""What the cards about the chosen layer have in common."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.words.parts import COMPONENT_NAMES, place_name


def where(diagnosis: Diagnosis) -> str:
    """The chosen weights inside a sentence: "block 3", "attention q of all layers"."""
    choices = diagnosis.choices
    place = next((place for place in diagnosis.places if place.key == choices.place), None)
    layer = "all layers" if place is None else place_name(place, diagnosis.places)
    return layer if choices.component is None else f"{COMPONENT_NAMES[choices.component]} of {layer}"


def no_weights(diagnosis: Diagnosis) -> None:
    """Say that the chosen layer and component have no weights in common."""
    st.info(
        f"There are no weights in {where(diagnosis)}. Choose another layer or component.",
        icon=":material/filter_alt_off:",
    )
