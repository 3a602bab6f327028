import pytest
from streamlit.testing.v1 import AppTest


def page():
    import streamlit as st

    from app.widgets.job_progress import stop_button

    pressed = st.session_state["pressed"]
    stop_button((lambda: pressed.append("stop")) if st.session_state["runs"] else None, key="stop")


@pytest.fixture
def at():
    at = AppTest.from_function(page, default_timeout=60)
    at.session_state["pressed"], at.session_state["runs"] = [], True
    return at.run()


def test_button_stops_what_runs(at):
    at.button(key="stop").click().run()

    assert at.session_state["pressed"] == ["stop"]


def test_place_of_a_button_that_is_gone_is_drawn_empty(at):
    at.session_state["runs"] = False
    at.run()

    assert not at.button
    assert [element.type for element in at.main if element is not at.main] == ["empty"]
