"""The weights of the tasks, inside the recipe's card."""

import streamlit as st

from app.session.lab import Lab
from app.session.sliders import weight_sliders
from app.views.merge_lab.input_card import recipe_slider
from app.views.merge_lab.weights import all_weights_at, all_weights_times, weights_in_words
from app.widgets.look import as_shown


def weight_inputs(lab: Lab) -> None:
    """Draw one slider per task, and ways to change all of them."""
    summary = weights_in_words(lab.recipe.weights)
    with st.expander(f"Task weights · {as_shown(summary)}", expanded=True, key="merge_lab.weights"):
        for slider in weight_sliders(lab.bench.tasks):
            recipe_slider(lab, slider, in_row=True)
        with st.container(horizontal=True, gap="small"):
            _all_at_once(lab)


def _all_at_once(lab: Lab) -> None:
    with st.popover("All at once", type="tertiary", icon=":material/tune:"):
        value = st.number_input("Value", -1.0, 2.0, 0.5, 0.1, key="merge_lab.bulk")
        st.button(
            "Set all to this value",
            key="merge_lab.set_all",
            on_click=lambda: lab.change(all_weights_at(lab.recipe, value)),
        )
        st.button(
            "Multiply all by this value",
            key="merge_lab.scale_all",
            on_click=lambda: lab.change(all_weights_times(lab.recipe, value)),
        )
    st.button(
        "Reset",
        key="merge_lab.reset",
        type="tertiary",
        icon=":material/restart_alt:",
        on_click=lambda: lab.change(all_weights_at(lab.recipe, 1.0)),
    )
