"""Widgets that show what something else knows."""

from typing import Any

import streamlit as st


def seed(key: str, value: Any) -> str:
    """Let the widget of this key show a value, and return the key.

    The value is written only when the widget shows another one: writing the same again would pull a
    slider out of the hand that drags it.
    """
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key
