"""Inputs whose value is a choice: the tab's own, in the address bar, the same on every page."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from app.session.selection import Choices


def choice_slider(
    choices: Choices,
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
    value = choices.number(name, default, low=low, high=high)
    key = _key(choices, page, name)
    st.slider(
        label,
        low,
        high,
        value,
        step,
        key=key,
        on_change=_taken(choices, name, key, str(default), lambda moved: f"{moved:g}"),
        **others,
    )
    return value


def choice_segments(
    choices: Choices,
    name: str,
    label: str,
    options: Sequence[str],
    *,
    default: str,
    page: str,
    **others: Any,
) -> str:
    """Draw a row of options and return the chosen one."""
    value = choices.one_of(name, options) or default
    key = _key(choices, page, name)
    st.segmented_control(
        label,
        options,
        default=value,
        required=True,
        key=key,
        on_change=_taken(choices, name, key, default, str),
        **others,
    )
    return value


def choice_select(
    choices: Choices,
    name: str,
    label: str,
    options: Sequence[str],
    *,
    page: str,
    nothing: str | None = None,
    format_func: Callable[[str], str] = str,
    **others: Any,
) -> str | None:
    """Draw a menu and return the chosen option; None for `nothing`, or the first where there is no such."""
    value = choices.one_of(name, options)
    key = _key(choices, page, name)
    offered = ["", *options] if nothing is not None else [*options]
    st.selectbox(
        label,
        offered,
        index=offered.index(value) if value is not None else 0,
        format_func=lambda word: format_func(word) if word else nothing or "",
        key=key,
        on_change=_taken(choices, name, key, "", str),
        **others,
    )
    return value if nothing is not None else value or offered[0]


def _key(choices: Choices, page: str, name: str) -> str:
    # A new key whenever a choice was changed elsewhere: the input then shows it, and never its old value.
    return f"{page}.{name}.{choices.revision}"


def _taken(
    choices: Choices, name: str, key: str, default: str, as_word: Callable[[Any], str]
) -> Callable[[], None]:
    def taken() -> None:
        word = as_word(st.session_state[key])
        choices.set(name, None if word == default else word)

    return taken
