"""Card: the recipe with its method, scale, weights and scope."""

from dataclasses import replace
from functools import partial

import streamlit as st

from analysis.model.scope import Scope
from app.session.lab import Lab
from app.views.merge_lab.formula import formula
from app.views.merge_lab.input_card import input_key, when_changed
from app.views.merge_lab.method_card import method_inputs
from app.views.merge_lab.presets import presets
from app.views.merge_lab.scale_card import scale_inputs
from app.views.merge_lab.weights_card import weight_inputs

_SCOPES = {
    Scope.CHANGED: "weights that some task changed",
    Scope.ALL: "all weights",
    Scope.BLOCKS: "residual blocks only",
}


def recipe_card(lab: Lab) -> None:
    """Draw every input of the recipe; a change goes to the lab."""
    with st.container(border=True, key="merge_lab.recipe_card"):
        method_inputs(lab)
        scale_inputs(lab)
        st.latex(formula(lab.recipe, lab.alpha(), lab.editing.depth))
        weight_inputs(lab)
        _scope(lab)
        _presets(lab)


def _presets(lab: Lab) -> None:
    with st.popover("Presets", type="tertiary", icon=":material/bookmarks:"):
        for number, (name, recipe) in enumerate(presets(lab.recipe).items()):
            st.button(
                name,
                key=f"merge_lab.preset.{number}",
                type="tertiary",
                disabled=recipe == lab.recipe,
                on_click=partial(lab.change, recipe),
            )
        st.caption("The task weights and the scope stay as they are.")


def _scope(lab: Lab) -> None:
    key = input_key(lab, "scope")
    st.selectbox(
        "Scope",
        list(Scope),
        index=list(Scope).index(lab.recipe.scope),
        format_func=lambda scope: _SCOPES[scope],
        key=key,
        on_change=when_changed(
            lab,
            key,
            lambda recipe: recipe.scope,
            lambda scope: lab.change(replace(lab.recipe, scope=Scope(scope))),
        ),
        help="Weights that are merged; all others keep the base's values",
    )
