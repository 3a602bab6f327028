"""Values that inputs were first drawn with, to tell a person's change from one that nobody made.

Where two runs of a page follow closely, Streamlit reports an input as changed that was drawn for the first
time, with the value it was drawn with; and one that was since replaced, under another key, may be reported
late.
"""

from collections.abc import MutableMapping
from typing import Any


def remember_drawn(state: MutableMapping[Any, Any], name: str, key: str, value: float) -> None:
    """Note the value of an input when it is drawn for the first time.

    Args:
        state: The tab's session state.
        name: The same for all inputs that replace one another.
        key: Of the input that is drawn now.
        value: Given to it.
    """
    if state.get(_slot(name), ("", None))[0] != key:
        state[_slot(name)] = key, value


def is_changed_by_hand(state: MutableMapping[Any, Any], name: str, key: str) -> bool:
    """Whether a person has changed the input drawn last under this name; asked once per reported change."""
    drawn, first = state[_slot(name)]
    if drawn != key or first == state[key]:
        return False
    state[_slot(name)] = key, None  # from now on it may come back to where it began
    return True


def _slot(name: str) -> str:
    return f"{name}.first"
