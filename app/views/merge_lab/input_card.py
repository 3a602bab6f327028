"""One input of the recipe: its key, what happens when it changes, and a slider."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from analysis.merge.recipe import Recipe
from app.session.lab import Lab
from app.session.sliders import Slider, value_of
from app.widgets.look import as_shown

_NAME_WIDTH = 84
"""Pixels for a slider's name beside it."""


def recipe_slider(lab: Lab, slider: Slider, *, in_row: bool = False) -> None:
    """Draw one slider; in a row with its name it takes half the height."""
    value = value_of(lab.recipe, slider.key)
    if value is None:
        return
    slider = slider.around(value)
    key = input_key(lab, str(slider.key))
    place = st.container(horizontal=in_row, wrap=not in_row, vertical_alignment="center", gap="small")
    if in_row:
        place.markdown(as_shown(slider.label), width=_NAME_WIDTH)
    place.slider(
        as_shown(slider.label),
        slider.low,
        slider.high,
        value,
        slider.step,
        format="%.2f",
        key=key,
        help=None if in_row else as_shown(slider.meaning),
        label_visibility="collapsed" if in_row else "visible",
        on_change=when_changed(
            lab,
            key,
            lambda recipe: value_of(recipe, slider.key),
            lambda value: lab.move(slider.key, value),
        ),
    )


def input_key(lab: Lab, name: str) -> str:
    """Key of an input.

    A recipe that does not come from the input itself, but from undo or a link, gets inputs of new keys,
    created with its values. Writing their session state instead is lost when two runs of the script
    follow each other closely, since Streamlit sends the browser only the last.
    """
    return f"merge_lab.{lab.editing.revision}.{name}"


def when_changed(
    lab: Lab, key: str, current: Callable[[Recipe], Any], take: Callable[[Any], None]
) -> Callable[[], None]:
    """What to do when an input of this key has changed.

    Streamlit also calls this for untouched inputs when a run of the script is cut short right after it
    drew them: a value the recipe already has, or an input of an older recipe, changes nothing.

    Args:
        lab: Whose recipe.
        key: Of the input.
        current: The recipe's value of it.
        take: Takes the new value.
    """
    revision = lab.editing.revision

    def changed() -> None:
        value = st.session_state[key]
        if revision == lab.editing.revision and value != current(lab.recipe):
            take(value)

    return changed
