"""Present mode: larger type, no menus, one card after another by the arrow keys, for a room that looks on."""

import streamlit as st

PRESENTED = 1.7
"""How much larger text and charts are than on a desk; `look.css` enlarges what is no chart."""

_IS_ON = "presenting.is_on"


def is_presenting() -> bool:
    """Whether this tab presents."""
    return bool(st.session_state.get(_IS_ON, False))


def present_button() -> None:
    """Draw the button that begins, or ends, with the mark that `look.css` and `present.html` look for."""
    if is_presenting():
        st.button(
            "Leave",
            key="presenting",
            type="tertiary",
            icon=":material/close_fullscreen:",
            shortcut="Escape",
            help="The arrow keys go from card to card",
            on_click=_turn,
        )
    else:
        st.button(
            "Present",
            key="present",
            type="tertiary",
            icon=":material/slideshow:",
            help="For a room that looks on: larger type, one card after another by the arrow keys",
            on_click=_turn,
        )


def _turn() -> None:
    st.session_state[_IS_ON] = not is_presenting()
