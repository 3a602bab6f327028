"""Page: what Tauscope is, its version, and the papers behind it."""

import streamlit as st

from app.views.about.versions import versions
from app.widgets.page_header import page_header
from app.widgets.welcome import welcome
from app.words.papers import PAPERS, as_link


def render() -> None:
    """Draw the page."""
    page_header(
        "About", "Where updates of fine-tuned models collide when they are merged, and what that costs."
    )
    with st.container(key="page"):
        left, right = st.columns([3, 2])
        with left, st.container(border=True, key="about.papers_card"):
            welcome()
            st.markdown("##### Papers")
            st.markdown("\n".join(f"- {title}, {as_link(source)}" for source, title in PAPERS.items()))
            st.caption(
                "The README in the folder of Tauscope shows how to open your own zoo and how to use it from "
                "the command line; docs/reliability.md states what is promised and how it is tested."
            )
        with right, st.container(border=True, key="about.versions_card"):
            st.markdown("##### Versions")
            st.dataframe(versions(), hide_index=True, key="about.versions", alt="Versions")
