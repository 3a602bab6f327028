"""Way from a point of a chart into the Merge lab, inside a card."""

from collections.abc import Mapping

import streamlit as st

from analysis.merge.recipe import Recipe
from app.session.lab import Lab
from app.session.selection import Selection
from app.widgets.choice_inputs import choice_select
from app.widgets.navigation import go_to


def point_to_lab(
    lab: Lab, selection: Selection, word: str, points: Mapping[str, tuple[str, Recipe]], *, key: str
) -> None:
    """Draw a menu of the points, which shows what was clicked too, and a button that opens its merge.

    Args:
        lab: Takes the merge.
        selection: Of the tab.
        word: Of the choice, which a click on the chart sets too.
        points: Name for a person, and the merge, by the choice's value.
        key: Of the button.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = choice_select(
            selection,
            word,
            "Point of the chart",
            list(points),
            page="lines",
            nothing="Click one, or choose",
            format_func=lambda value: points[value][0],
            width=300,
        )
        is_pressed = st.button(
            "Open in the Merge lab", key=key, icon=":material/tune:", disabled=chosen is None
        )
    if is_pressed and chosen is not None:
        lab.change(points[chosen][1])
        go_to("Merge lab")
