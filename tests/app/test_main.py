from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

MAIN = Path(__file__).parents[2] / "app" / "main.py"


def test_server_that_read_no_settings_shows_nothing_but_how_to_start_it(monkeypatch):
    # As `streamlit run /somewhere/app/main.py` in another folder: it would serve every network.
    monkeypatch.setattr(st, "get_option", lambda name: None)

    page = AppTest.from_file(str(MAIN), default_timeout=30).run()

    (error,) = page.error
    assert "python -m app" in error.value
    assert [len(page.title), len(page.button), len(page.sidebar)] == [0, 0, 0]
