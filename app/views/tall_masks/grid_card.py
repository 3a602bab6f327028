"""Input of a grid of numbers, with its refusal on screen."""

import streamlit as st

from analysis.errors import ParameterRangeError
from app.session.selection import Selection
from app.views.tall_masks.number_list import number_list
from app.widgets.drawn_input import by_hand
from app.widgets.look import as_shown
from app.words.plain_text import sentence_of


def grid_input(
    selection: Selection, name: str, label: str, default: tuple[float, ...], *, low: float
) -> tuple[float, ...] | None:
    """Draw a field for a grid of numbers and return it; None while what stands there is no grid."""
    key = f"masks.{name}.{selection.revision}"
    written = ", ".join(f"{number:g}" for number in default)
    word = selection.words.get(name, written)

    def typed(text: str) -> None:
        selection.set(name, None if text == written else text)

    st.text_input(label, word, key=key, width=320, on_change=by_hand(f"masks.{name}", key, word, typed))
    try:
        return number_list(word, what=label, low=low)
    except ParameterRangeError as error:
        st.error(as_shown(sentence_of(error)), icon=":material/error:")
        return None
