"""Inputs that know the value they were first drawn with, to tell a person's change from one nobody made.

Where two runs of a page follow closely, Streamlit reports an input as changed that was drawn for the first
time, with the value it was drawn with; and one that was since replaced, under another key, may be reported
late. Taken for changes, such reports would put back the value of a moment ago.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st


def by_hand(name: str, key: str, value: Any, take: Callable[[Any], None]) -> Callable[[], None]:
    """What an input calls when it is reported as changed: `take` with its value, if a person changed it.

    Args:
        name: The same for all inputs that replace one another.
        key: Of the input that is drawn now.
        value: Given to it.
        take: Takes the new value.
    """
    state, slot = st.session_state, f"{name}.first"
    if state.get(slot, ("", None))[0] != key:
        state[slot] = key, value

    def changed() -> None:
        drawn, first = state[slot]
        if drawn != key or first == state[key]:
            return
        state[slot] = key, _ANY  # from now on it may come back to where it began
        take(state[key])

    return changed


_ANY = "\0"
"""What no input is drawn with."""
