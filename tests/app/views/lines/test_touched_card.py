import pytest
from streamlit.testing.v1 import AppTest


def told(*events):
    """What is said of each event: an input drawn, as (key, value), or reported as changed, with its value."""

    def script(events):
        import streamlit as st

        from app.views.lines.touched_card import is_touched, remember_first

        for what, key, value in events:
            if what == "drawn":
                remember_first("beta", key, value)
            else:
                st.session_state[key] = value
                st.text(is_touched("beta", key))

    page = AppTest.from_function(script, args=(events,)).run()
    assert not page.exception
    return [element.value == "True" for element in page.text]


@pytest.mark.parametrize(("value", "expected"), [(0.55, False), (0.6, True)])
def test_an_input_that_shows_what_it_was_first_drawn_with_was_not_touched(value, expected):
    assert told(("drawn", "a", 0.55), ("changed", "a", value)) == [expected]


def test_a_moved_input_may_come_back_to_where_it_began():
    events = ("drawn", "a", 0.5), ("changed", "a", 0.6), ("drawn", "a", 0.6), ("changed", "a", 0.5)

    assert told(*events) == [True, True]


def test_an_input_drawn_anew_since_has_no_say():
    assert told(("drawn", "a", 0.5), ("drawn", "b", 0.6), ("changed", "a", 0.7)) == [False]
