"""One input of the recipe: its key, what happens when it changes, and a slider."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from analysis.merge.recipe import Recipe
from app.session.lab import Lab
from app.session.sliders import Slider, moved, value_of
from app.widgets.drawn_input import by_hand
from app.widgets.look import as_shown

_NAME_WIDTH, _BOX_WIDTH = 76, 60
"""Pixels for a slider's name and number beside it."""


def recipe_slider(lab: Lab, slider: Slider, *, in_row: bool = False, is_locked: bool = False) -> None:
    """Draw one slider; in a row with its name it takes half the height, and locked it cannot be moved."""
    value = value_of(lab.recipe, slider.key)
    if value is None:
        return
    slider = slider.around(value)
    key = input_key(lab, str(slider.key))
    low, high = _ends(key, slider, value)
    place = st.container(
        horizontal=True,
        wrap=False,
        vertical_alignment="center",
        gap="small",
        key=f"{key}.slider_row" if in_row else None,
    )
    if in_row:
        place.markdown(as_shown(slider.label), width=_NAME_WIDTH)
    place.slider(
        as_shown(slider.label),
        low,
        high,
        value,
        slider.step,
        format="%.2f",
        key=key,
        help=None if in_row else as_shown(_help(slider)),
        label_visibility="collapsed" if in_row else "visible",
        disabled=is_locked,
        on_change=when_changed(
            lab,
            key,
            lambda recipe: value_of(recipe, slider.key),
            lambda value: lab.move(slider.key, value),
        ),
    )
    _box(place, lab, slider, value, is_locked=is_locked)


def _help(slider: Slider) -> str:
    meaning = f"{slider.meaning[0].upper()}{slider.meaning[1:]}."
    ends = f"{slider.low:g} to {slider.high:g}".replace("-", "−")
    return meaning if slider.useful is None else f"{meaning} Further numbers, from {ends}, are typed."


def _box(place: Any, lab: Lab, slider: Slider, value: float, *, is_locked: bool) -> None:
    """The slider's number, to be typed: a new box for each value, so that it follows the slider."""
    key = input_key(lab, f"{slider.key}.typed.{value:g}")

    def typed(given: float | None) -> None:
        if given is not None:
            lab.change(moved(lab.recipe, slider.key, given))

    place.number_input(
        f"{as_shown(slider.label)}, typed",
        slider.low,
        slider.high,
        value,
        slider.step,
        format="%.2f" if round(value, 2) == value else "%g",
        key=key,
        label_visibility="collapsed",
        disabled=is_locked,
        width=_BOX_WIDTH,
        on_change=by_hand(f"merge_lab.{slider.key}.typed", key, value, typed),
    )


def _ends(key: str, slider: Slider, value: float) -> tuple[float, float]:
    """Ends of the slider: the useful ones, and once it was wider it stays so while it is dragged."""
    low, high = st.session_state.get(f"{key}.ends", slider.shown)
    low, high = min(low, value), max(high, value)
    st.session_state[f"{key}.ends"] = low, high
    return low, high


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
