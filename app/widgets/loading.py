"""Loading of the app behind its first page: what draws the pages takes seconds to import."""

import importlib
from functools import cache
from threading import Thread

import streamlit as st

from app.registry import pages
from app.widgets.welcome import welcome

_LOOK = 0.4
"""Seconds between two looks at whether the app is loaded."""


def is_loaded() -> bool:
    """Whether every page can be drawn at once; the first call begins to load them."""
    return not _loading().is_alive()


def loading_page() -> None:
    """Draw what there is to read meanwhile; the page asked for follows."""
    st.title("Tauscope")
    st.progress(0.0, text="Loading, a few seconds")
    welcome()
    st.fragment(_look, run_every=_LOOK)()


@cache
def _loading() -> Thread:
    thread = Thread(target=_load, name="loading", daemon=True)
    thread.start()
    return thread


def _load() -> None:
    # What fails here fails again where the page is drawn, and is shown there.
    for page in pages():
        importlib.import_module(page.module)


def _look() -> None:
    if is_loaded():
        st.rerun()
