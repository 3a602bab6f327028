"""Navigation between pages."""

from typing import Any, NoReturn

import streamlit as st

from app.registry import SECTIONS, Page, pages


def navigation() -> Any:
    """Draw the navigation and return the page to run."""
    found: dict[str, list[Any]] = {
        section: [_streamlit_page(page) for page in pages() if page.section == section]
        for section in SECTIONS
        if any(page.section == section for page in pages())
    }
    found[SECTIONS[0]].append(_default_by_name())
    return st.navigation(found)


def go_to(title: str) -> NoReturn:
    """End the run here and go to the page of this title."""
    st.switch_page(_streamlit_page(next(page for page in pages() if page.title == title)))


def links_to(*titles: str) -> None:
    """Draw links to the pages of these titles, beside one another."""
    found = {page.title: page for page in pages()}
    with st.container(horizontal=True, gap="medium"):
        for title in titles:
            page = found[title]
            st.page_link(_streamlit_page(page), label=title, icon=page.icon)


def _streamlit_page(page: Page) -> Any:
    # The page at the root must not take its own address from `_default_by_name`, which leads to it.
    address = "start" if page.is_default else page.address
    return st.Page(page.render, title=page.title, icon=page.icon, url_path=address, default=page.is_default)


def _default_by_name() -> Any:
    """A page that leads to the one at the root, whose own address Streamlit would not find."""
    default = next(page for page in pages() if page.is_default)
    return st.Page(
        lambda: st.switch_page(_streamlit_page(default), query_params=st.query_params.to_dict()),
        title=default.title,
        url_path=default.address,
        visibility="hidden",
    )
