"""Inputs for the choices of a tab, which stand in its address and are the same on every page."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app.session.selection import Selection
from app.widgets.drawn_input import by_hand


def choice_slider(
    selection: Selection,
    name: str,
    label: str,
    *,
    default: float,
    low: float,
    high: float,
    step: float,
    page: str,
    **others: Any,
) -> float:
    """Draw a slider for a number and return what is chosen."""
    value = selection.number(name, default, low=low, high=high)
    key = _key(selection, page, name)
    st.slider(
        label,
        low,
        high,
        value,
        step,
        key=key,
        on_change=_taken(selection, name, key, value, str(default), lambda number: f"{number:g}"),
        **others,
    )
    return value


def choice_segments(
    selection: Selection,
    name: str,
    label: str,
    options: Sequence[str],
    *,
    default: str,
    page: str,
    **others: Any,
) -> str:
    """Draw a row of options and return the chosen one."""
    value = selection.one_of(name, options) or default
    key = _key(selection, page, name)
    st.segmented_control(
        label,
        options,
        default=value,
        required=True,
        key=key,
        on_change=_taken(selection, name, key, value, default, str),
        **others,
    )
    return value


def choice_select(
    selection: Selection,
    name: str,
    label: str,
    options: Sequence[str],
    *,
    page: str,
    nothing: str | None = None,
    format_func: Callable[[str], str] = str,
    **others: Any,
) -> str | None:
    """Draw a menu and return the chosen option: None for `nothing`, or the first if that is not offered."""
    value = selection.one_of(name, options)
    key = _key(selection, page, name)
    offered = ["", *options] if nothing is not None else [*options]
    shown = value if value is not None else offered[0]
    st.selectbox(
        label,
        offered,
        index=offered.index(shown),
        format_func=lambda word: format_func(word) if word else nothing or "",
        key=key,
        on_change=_taken(selection, name, key, shown, "", str),
        **others,
    )
    return value if nothing is not None else value or offered[0]


def _key(selection: Selection, page: str, name: str) -> str:
    # A new key whenever a choice was changed elsewhere, so that the input shows it and not its old value.
    return f"{page}.{name}.{selection.revision}"


def _taken(
    selection: Selection, name: str, key: str, shown: Any, default: str, as_word: Callable[[Any], str]
) -> Callable[[], None]:
    def take(value: Any) -> None:
        word = as_word(value)
        selection.set(name, None if word == default else word)

    return by_hand(key.rpartition(".")[0], key, shown, take)
