import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest
from streamlit.testing.v1 import AppTest

from app.registry import SECTIONS, pages
from app.widgets import loading
from tests.app_pages import said

ROOT = Path(__file__).parents[3]

FIRST_PAGE = """
import sys
import streamlit
before = set(sys.modules)
import app.widgets.loading, app.widgets.navigation
from app.registry import pages
assert len(pages()) >= 9
print(*(set(sys.modules) - before))
"""


@pytest.fixture
def under_way(monkeypatch):
    """A loading that ends when the event is set."""
    go = Event()
    thread = Thread(target=go.wait)
    thread.start()
    monkeypatch.setattr(loading, "_loading", lambda: thread)
    yield go
    go.set()
    thread.join()


def test_first_page_needs_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )

    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "app" in loaded
    heavy = {"torch", "numba", "numpy", "scipy", "pandas", "umap", "sklearn", "open_clip", "duckdb", "altair"}
    assert not loaded & {*heavy, "safetensors", "pydantic", "analysis"}
    assert "plotly.graph_objects" not in done.stdout.split()


def test_everything_is_loaded_in_the_end():
    loading._loading().join(60)

    assert loading.is_loaded()
    assert {page.module for page in pages()} <= sys.modules.keys()


def test_there_is_something_to_read_while_the_app_is_loaded(under_way):
    page = AppTest.from_function(_loading_page).run()

    assert not page.exception
    assert said(page.title) == ["Tauscope"]
    text = " ".join(said(page.markdown))
    assert "task vector" in text
    assert all(
        f"**{section}**" in text for section in SECTIONS if any(one.section == section for one in pages())
    )


def test_page_follows_once_it_is_loaded(under_way):
    page = AppTest.from_function(_app).run()
    assert said(page.title) == ["Tauscope"]

    under_way.set()
    loading._loading().join()

    assert said(page.run().title) == ["The page"]


def _loading_page():
    from app.widgets.loading import loading_page

    loading_page()


def _app():
    import streamlit as st

    from app.widgets.loading import is_loaded, loading_page

    if is_loaded():
        st.title("The page")
    else:
        loading_page()
