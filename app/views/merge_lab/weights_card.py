"""The weights of the tasks, inside the recipe's card."""

import streamlit as st

from app.session.lab import Lab
from app.session.sliders import weight_sliders
from app.views.merge_lab.input_card import recipe_slider
from app.views.merge_lab.weights import (
    all_weights_at,
    all_weights_times,
    only_task,
    weights_in_words,
    weights_to_one,
    without_task,
)
from app.widgets.drawn_input import by_hand
from app.widgets.look import as_shown, called


def weight_inputs(lab: Lab) -> None:
    """Draw one slider per task, and ways to change all of them."""
    summary = weights_in_words(lab.recipe.weights)
    with st.expander(f"Task weights · {as_shown(summary)}", expanded=True, key="merge_lab.weights"):
        for slider in weight_sliders(lab.bench.tasks):
            recipe_slider(lab, slider, in_row=True, is_locked=slider.key.name in lab.locked)
        with st.container(horizontal=True, gap="small"):
            _all_at_once(lab)


def _normalise(lab: Lab) -> None:
    normalised = weights_to_one(lab.recipe, lab.locked)
    st.button(
        "Make them add up to 1",
        key="merge_lab.normalise",
        disabled=normalised is None or normalised == lab.recipe,
        on_click=lambda: lab.change(normalised or lab.recipe),
    )


def _one_task(lab: Lab) -> None:
    with st.popover("One task", type="tertiary", icon=":material/person:"):
        task = st.selectbox("Task", lab.bench.tasks, format_func=called(), key="merge_lab.one_task")
        st.button(
            "Only this one",
            key="merge_lab.solo",
            on_click=lambda: lab.change(only_task(lab.recipe, task, lab.locked)),
            help="The others get weight 0; Undo brings them back",
        )
        st.button(
            "All but this one",
            key="merge_lab.mute",
            disabled=task in lab.locked,
            on_click=lambda: lab.change(without_task(lab.recipe, task)),
            help="It gets weight 0; Undo brings it back",
        )


def _lock(lab: Lab) -> None:
    key = "merge_lab.locked"

    def take(tasks: list[str]) -> None:
        lab.locked = tuple(tasks)

    st.multiselect(
        "Locked: they keep their weights",
        lab.bench.tasks,
        default=lab.locked,
        format_func=called(),
        placeholder="None",
        key=key,
        on_change=by_hand(key, key, list(lab.locked), take),
    )


def _all_at_once(lab: Lab) -> None:
    with st.popover("All at once", type="tertiary", icon=":material/tune:"):
        value = st.number_input("Value", -1.0, 2.0, 0.5, 0.1, key="merge_lab.bulk")
        st.button(
            "Set all to this value",
            key="merge_lab.set_all",
            on_click=lambda: lab.change(all_weights_at(lab.recipe, value, lab.locked)),
        )
        st.button(
            "Multiply all by this value",
            key="merge_lab.scale_all",
            on_click=lambda: lab.change(all_weights_times(lab.recipe, value, lab.locked)),
        )
        _normalise(lab)
        _lock(lab)
    _one_task(lab)
    st.button(
        "Reset",
        key="merge_lab.reset",
        type="tertiary",
        icon=":material/restart_alt:",
        on_click=lambda: lab.change(all_weights_at(lab.recipe, 1.0, lab.locked)),
    )
