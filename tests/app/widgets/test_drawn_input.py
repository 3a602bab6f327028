import pytest
import streamlit as st

from app.widgets.drawn_input import by_hand


@pytest.fixture
def taken(monkeypatch):
    """What is taken of inputs drawn and reported; events are ("drawn" or "changed", key, value), in order."""
    state, callbacks = {}, {}
    monkeypatch.setattr(st, "session_state", state)

    def taken(*events):
        values = []
        for what, key, value in events:
            if what == "drawn":
                callbacks[key] = by_hand("beta", key, value, values.append)
            else:
                state[key] = value
                callbacks[key]()
        return values

    return taken


@pytest.mark.parametrize(("value", "expected"), [(0.55, []), (0.6, [0.6]), (None, [None])])
def test_input_that_shows_what_it_was_first_drawn_with_was_not_changed(taken, value, expected):
    assert taken(("drawn", "a", 0.55), ("changed", "a", value)) == expected


def test_input_first_drawn_empty_takes_what_is_chosen(taken):
    assert taken(("drawn", "a", None), ("changed", "a", None), ("changed", "a", "b")) == ["b"]


def test_changed_input_may_come_back_to_where_it_began(taken):
    events = ("drawn", "a", 0.5), ("changed", "a", 0.6), ("drawn", "a", 0.6), ("changed", "a", 0.5)

    assert taken(*events) == [0.6, 0.5]


def test_input_that_was_replaced_since_does_not_count(taken):
    assert taken(("drawn", "a", 0.5), ("drawn", "b", 0.6), ("changed", "a", 0.7)) == []
