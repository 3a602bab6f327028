"""Card of Update norms: scale chosen layers in the Merge lab."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.layer_scaling import (
    OUTSIDE,
    layer_word,
    layer_words,
    present_factor,
    why_no_curve,
    with_layers_scaled,
)
from app.session.selection import Selection
from app.widgets.chart_card import card
from app.widgets.navigation import go_to

_LAYERS = "layers"
"""Word of the layers to be scaled."""


def to_lab_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw the choice of layers and their factor; the lab gets a curve with its other factors unchanged."""
    factors = lab.editing.factors(lab.alpha())
    with card("norms.lab", "Scale layers in the Merge lab"):
        reason = why_no_curve(factors)
        if factors is None or reason is not None:
            st.info(reason, icon=":material/tune:")
            if factors is None and st.button("Open the lab", key="norms.open_lab", icon=":material/tune:"):
                go_to("Merge lab")
            return
        words = layer_words(factors)
        with st.container(horizontal=True, vertical_alignment="bottom", key="norms.lab.inputs"):
            chosen = _layers_input(diagnosis, words)
            now = present_factor(factors, chosen)
            half = round(now / 2, 2)
            factor = st.number_input(
                "Factor",
                min(-3.0, half),
                max(3.0, half),
                half,
                0.05,
                key=f"norms.factor.{'.'.join(chosen)}.{lab.editing.revision}",
                width=130,
                disabled=not chosen,
            )
            if st.button(
                "Scale these layers in the Merge lab",
                key="norms.to_lab",
                type="primary",
                icon=":material/tune:",
                disabled=not chosen,
            ):
                lab.change(with_layers_scaled(lab.recipe, factors, chosen, round(factor, 4)))
                go_to("Merge lab")
        st.caption(
            f"Present factor: {now:.2f}{' on average' if len(chosen) > 1 else ''}. All other layers keep the "
            "factors of the lab's recipe. Half is only a starting value: the lab measures its effect."
            if chosen
            else "Choose layers here, or click a layer in a chart above."
        )


def _layers_input(diagnosis: Diagnosis, words: tuple[str, ...]) -> list[str]:
    """The chosen layers; the layer in focus while none was chosen here."""
    selection = diagnosis.selection
    wanted = _wanted(diagnosis, words)
    key = f"norms.layers.{selection.revision}"
    st.multiselect(
        "Layers",
        words,
        default=wanted,
        format_func=lambda word: "outside the blocks" if word == OUTSIDE else f"block {word}",
        placeholder="None chosen",
        key=key,
        on_change=lambda: _take(selection, st.session_state[key]),
    )
    return wanted


def _wanted(diagnosis: Diagnosis, words: tuple[str, ...]) -> list[str]:
    written = diagnosis.selection.words.get(_LAYERS)
    if written is not None:
        return [word for word in words if word in written.split("-")]
    place = next((place for place in diagnosis.places if place.key == diagnosis.selection.place), None)
    word = None if place is None else layer_word(place)
    return [word] if word in words else []


def _take(selection: Selection, layers: list[str]) -> None:
    # Set, not cleared: an empty list means that the layer in focus is not wanted either.
    selection.set(_LAYERS, "-".join(layers) or "none")
