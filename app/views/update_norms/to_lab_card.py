"""Card of Update norms: scale chosen layers in the Merge lab."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.layer_scaling import layer_words, present_factor, why_no_curve, with_layers_scaled
from app.views.update_norms.to_lab import (
    layer_name,
    layers_to_scale,
    layers_word,
    proposed_factor,
    scaling_caption,
)
from app.widgets.chart_card import card
from app.widgets.drawn_input import by_hand
from app.widgets.look import as_shown
from app.widgets.navigation import go_to

_LAYERS = "layers"
"""Word of the layers to be scaled."""


def to_lab_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw the choice of layers and their factor; the lab gets a curve with its other factors unchanged."""
    factors = lab.editing.factors(lab.alpha())
    with card("norms.lab", "Scale layers in the Merge lab"):
        reason = why_no_curve(factors)
        if factors is None or reason is not None:
            st.info(as_shown(reason or ""), icon=":material/tune:")
            if factors is None and st.button("Open the lab", key="norms.open_lab", icon=":material/tune:"):
                go_to("Merge lab")
            return
        words = layer_words(factors)
        with st.container(horizontal=True, vertical_alignment="bottom", key="norms.lab.inputs"):
            chosen = _layers_input(diagnosis, words)
            now = present_factor(factors, chosen)
            half = proposed_factor(now)
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
        st.caption(as_shown(scaling_caption(chosen, now)))


def _layers_input(diagnosis: Diagnosis, words: tuple[str, ...]) -> list[str]:
    selection = diagnosis.selection
    focus = next((place for place in diagnosis.places if place.key == selection.place), None)
    chosen = layers_to_scale(selection.words.get(_LAYERS), words, focus)
    key = f"norms.layers.{selection.revision}"
    st.multiselect(
        "Layers",
        words,
        default=chosen,
        format_func=layer_name,
        placeholder="None chosen",
        key=key,
        # Set, not cleared: an empty list means that the layer in focus is not wanted either.
        on_change=by_hand("norms.layers", key, chosen, lambda now: selection.set(_LAYERS, layers_word(now))),
    )
    return chosen
