"""Sections of a page that fold: a closed one draws and asks nothing; the address holds which were turned."""

from collections.abc import Callable

import streamlit as st

from app.session.selection import Selection
from app.widgets.drawn_input import by_hand

_TURNED = "sections"


def section(
    selection: Selection, name: str, title: str, body: Callable[[], None], *, is_open_at_first: bool = False
) -> None:
    """Draw a section, closed or with its cards.

    Args:
        selection: Whose address.
        name: Of the section in the address, one word that no section of another page has.
        title: On screen.
        body: Draws its cards.
        is_open_at_first: Whether it is open until somebody turns it.
    """
    turned = [one for one in selection.words.get(_TURNED, "").split(",") if one]
    key = f"section.{name}.{selection.revision}"

    def toggled(is_on: bool) -> None:
        others = [one for one in turned if one != name]
        now = others if is_on == is_open_at_first else [*others, name]
        selection.set(_TURNED, ",".join(now) or None)

    is_open = is_open_at_first != (name in turned)
    st.toggle(title, is_open, key=key, on_change=by_hand(f"section.{name}", key, is_open, toggled))
    if is_open:
        body()
