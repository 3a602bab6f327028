"""Whether an input that is reported as changed was touched by anybody.

Where two runs follow closely, Streamlit reports an input as changed that was drawn for the first time, with
the value it was drawn with; and one that was drawn anew since, under another key, may be reported late.
"""

import streamlit as st


def remember_first(name: str, key: str, value: float) -> None:
    """Note what an input shows when it is drawn for the first time.

    Args:
        name: The same for all inputs that replace one another.
        key: Of the input that is drawn now.
        value: That it is given.
    """
    if st.session_state.get(_slot(name), ("", None))[0] != key:
        st.session_state[_slot(name)] = key, value


def is_touched(name: str, key: str) -> bool:
    """Whether the input drawn last under this name was moved; asked once a change."""
    drawn, first = st.session_state[_slot(name)]
    if drawn != key or first == st.session_state[key]:
        return False
    st.session_state[_slot(name)] = key, None  # from now on it may come back to where it began
    return True


def _slot(name: str) -> str:
    return f"{name}.first"
