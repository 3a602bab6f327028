"""The line on top of a page: title, caption, an explanation, and actions."""

from typing import Any

import streamlit as st

from app.registry import pages
from app.widgets.presenting import present_button
from app.words.glossary import GLOSSARY
from app.words.markdown import unformatted

_WHAT = "What am I looking at?"


def page_header(title: str, caption: str, *, is_crowded: bool = False) -> Any:
    """Draw title, caption and the explanation; what is drawn inside the returned container stands behind.

    Args:
        title: The page's.
        caption: One line.
        is_crowded: Whether so much stands behind that the explanation has room for one word alone.
    """
    header = st.container(horizontal=True, vertical_alignment="center", gap="small", key="header")
    header.title(title, width="content")
    header.caption(unformatted(caption), width="stretch")
    page = next(page for page in pages() if page.title == title)
    if page.terms:
        label, hint = ("Help", _WHAT) if is_crowded else (_WHAT, None)
        with header.popover(label, type="tertiary", icon=":material/help:", help=hint):
            st.markdown(page.explains)
            st.markdown("\n".join(f"- **{term}**: {GLOSSARY[term].meaning}" for term in page.terms))
            st.caption("All words are in the Glossary, and the papers behind them under About.")
    with header:
        present_button()
    return header
