"""Page: the words that stand on the other pages."""

import streamlit as st

from app.views.glossary.listing import as_rows
from app.widgets.page_header import page_header
from app.words.glossary import GLOSSARY


def render() -> None:
    """Draw the page."""
    page_header("Glossary", "The words that stand on the pages, in the order in which one meets them.")
    with st.container(key="page"):
        sought = st.text_input("Find a word", key="glossary.find", placeholder="mask", width=260)
        found = as_rows(GLOSSARY, sought)
        if not found:
            st.info("No word and no meaning holds that; try a part of a word.")
        for word, meaning in found:
            st.markdown(f"**{word}.** {meaning}")
