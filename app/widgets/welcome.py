"""Welcome: something to read about task vectors and the app while it gets ready."""

import streamlit as st

_SECTIONS = {
    "Zoo": "the models that are open, and what looks wrong with them.",
    "Diagnose": "where task vectors collide, layer by layer, and what that costs in accuracy.",
    "Learn": "the words that stand on the pages, and the papers behind them.",
    "Merge": "choose a method, move a slider, and read the accuracy of the merged model on every task.",
}


def welcome() -> None:
    """Draw what a task vector is, and what the sections of the navigation are for."""
    st.markdown(
        "A **task vector** is what fine-tuning changed: τ = θₜ − θ₀, the weights of a fine-tuned model minus "
        "those of the base that it started from. Adding task vectors to the base merges the models. Where "
        "two of them change a weight in opposite directions, they collide, and tasks may lose accuracy."
    )
    st.markdown("\n".join(f"- **{section}**: {purpose}" for section, purpose in _SECTIONS.items()))
