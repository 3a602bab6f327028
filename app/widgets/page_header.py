"""The line on top of a page: title, caption and actions."""

from typing import Any

import streamlit as st

from app.words.markdown import unformatted


def page_header(title: str, caption: str) -> Any:
    """Draw title and caption; what is drawn inside the returned container stands to their right."""
    header = st.container(horizontal=True, vertical_alignment="center", gap="small", key="header")
    header.title(title, width="content")
    header.caption(unformatted(caption), width="stretch")
    return header
