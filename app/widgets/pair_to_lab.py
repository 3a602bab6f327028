"""The way from a pair of tasks into the Merge lab."""

import streamlit as st

from analysis.merge.recipe import Recipe
from app.session.lab import Lab
from app.widgets.navigation import go_to


def pair_to_lab(key: str, lab: Lab, recipe: Recipe | None) -> None:
    """Draw the button that opens the lab with a recipe of just two tasks.

    Args:
        key: Of the button.
        lab: Takes the recipe.
        recipe: Of the pair in focus; without one (None) the button is disabled.
    """
    is_pressed = st.button(
        "Open the lab with just these two",
        key=key,
        icon=":material/tune:",
        disabled=recipe is None,
        help="Choose a pair first: click a cell" if recipe is None else None,
    )
    if is_pressed and recipe is not None:
        lab.change(recipe)
        go_to("Merge lab")
