import pytest

from app.views.lines.drawn_inputs import is_changed_by_hand, remember_drawn


def changed_by_hand(*events):
    """The answer for each change reported; events are ("drawn" or "changed", key, value), in order."""
    state, answers = {}, []
    for what, key, value in events:
        if what == "drawn":
            remember_drawn(state, "beta", key, value)
        else:
            state[key] = value
            answers.append(is_changed_by_hand(state, "beta", key))
    return answers


@pytest.mark.parametrize(("value", "expected"), [(0.55, False), (0.6, True)])
def test_an_input_that_shows_what_it_was_first_drawn_with_was_not_changed(value, expected):
    assert changed_by_hand(("drawn", "a", 0.55), ("changed", "a", value)) == [expected]


def test_a_changed_input_may_come_back_to_where_it_began():
    events = ("drawn", "a", 0.5), ("changed", "a", 0.6), ("drawn", "a", 0.6), ("changed", "a", 0.5)

    assert changed_by_hand(*events) == [True, True]


def test_an_input_that_was_replaced_since_does_not_count():
    assert changed_by_hand(("drawn", "a", 0.5), ("drawn", "b", 0.6), ("changed", "a", 0.7)) == [False]
