"""Sections of a page that fold: a closed one draws and asks nothing; which are open stands in the address."""

from collections.abc import Callable, Sequence

import streamlit as st

from app.session.selection import Selection

_OPEN, _NONE = "sections", "none"


def section(
    selection: Selection,
    name: str,
    title: str,
    body: Callable[[], None],
    *,
    page: str,
    open_at_first: Sequence[str],
) -> None:
    """Draw a section, closed or with its cards.

    Args:
        selection: Whose address.
        name: Of the section in the address, one word.
        title: On screen.
        body: Draws its cards.
        page: Beginning of the keys.
        open_at_first: Names of the sections that are open until somebody folds one.
    """
    word = selection.words.get(_OPEN)
    opened = list(open_at_first) if word is None else word.split(",")
    key = f"{page}.{name}.section.{selection.revision}"

    def toggled() -> None:
        others = [one for one in opened if one not in (name, _NONE)]
        now = [*others, name] if st.session_state[key] else others
        is_default = set(now) == set(open_at_first)
        selection.set(_OPEN, None if is_default else ",".join(now) or _NONE)

    is_open = name in opened
    st.toggle(title, is_open, key=key, on_change=toggled)
    if is_open:
        body()
