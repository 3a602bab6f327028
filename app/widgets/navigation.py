"""Navigation between pages."""

from typing import Any, NoReturn

import streamlit as st

from app.registry import SECTIONS, Page, pages


def navigation() -> Any:
    """Draw the navigation and return the page to run."""
    return st.navigation(
        {
            section: [_streamlit_page(page) for page in pages() if page.section == section]
            for section in SECTIONS
            if any(page.section == section for page in pages())
        }
    )


def go_to(title: str) -> NoReturn:
    """End the run here and go to the page of this title."""
    st.switch_page(_streamlit_page(next(page for page in pages() if page.title == title)))


def _streamlit_page(page: Page) -> Any:
    return st.Page(
        page.render, title=page.title, icon=page.icon, url_path=page.address, default=page.is_default
    )
