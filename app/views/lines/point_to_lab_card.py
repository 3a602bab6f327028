"""Way from a clicked point of a chart into the Merge lab, inside a card."""

import streamlit as st

from analysis.merge.recipe import Recipe
from app.session.lab import Lab
from app.widgets.look import as_shown
from app.widgets.navigation import go_to


def point_to_lab(lab: Lab, recipe: Recipe | None, name: str, *, key: str) -> None:
    """Draw a button that opens the point's merge, or a hint while no point was clicked.

    Args:
        lab: Takes the merge.
        recipe: The point's; None while none was clicked.
        name: Of the merge, for a person.
        key: Of the button.
    """
    if recipe is None:
        st.caption("Click a point to open its merge in the Merge lab.")
    elif st.button(f"Open in the Merge lab: {as_shown(name)}", key=key, icon=":material/tune:"):
        lab.change(recipe)
        go_to("Merge lab")
