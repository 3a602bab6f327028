"""The merging method with its settings, inside the recipe's card."""

from dataclasses import replace

import streamlit as st

from analysis.merge.params import Choice
from analysis.merge.registry import merge_methods
from app.session.lab import Lab
from app.session.recipe_edits import with_method
from app.session.sliders import param_sliders
from app.views.merge_lab.input_card import input_key, recipe_slider, when_changed
from app.views.merge_lab.usual_scale import usual_scale


def method_inputs(lab: Lab) -> None:
    """Draw the menu of methods and the settings of the chosen one."""
    methods, method = merge_methods(), lab.recipe.method
    key = input_key(lab, "method")

    def take(name: str) -> None:
        lab.change(with_method(lab.recipe, name, {}))

    st.selectbox(
        "Method",
        list(methods),
        index=list(methods).index(method),
        format_func=lambda name: methods[name].title,
        key=key,
        on_change=when_changed(lab, key, lambda recipe: recipe.method, take),
        help=f"Source: {methods[method].source}. {usual_scale(methods)}",
    )
    for slider in param_sliders(method):
        recipe_slider(lab, slider)
    for name, setting in methods[method].settings.items():
        if isinstance(setting, Choice):
            _choice(lab, name, setting)


def _choice(lab: Lab, name: str, choice: Choice) -> None:
    key = input_key(lab, f"choice:{name}")

    def chosen(word: str) -> None:
        lab.change(replace(lab.recipe, params=replace(lab.recipe.params, **{name: word})))

    st.segmented_control(
        name,
        choice.options,
        default=getattr(lab.recipe.params, name),
        key=key,
        required=True,
        width="stretch",
        help=choice.meaning,
        on_change=when_changed(lab, key, lambda recipe: getattr(recipe.params, name), chosen),
    )
