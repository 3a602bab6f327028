import pytest

from app.figures.palette import LIGHT
from app.views.lines.trade_off_figure import TradeOffDot, trade_off_figure

AXES = ("target", "others")


def dot(word, x, y, *, front=False):
    return TradeOffDot(
        word, f"α {word}", (x, x - 0.1, x + 0.05), (y, y - 0.02, y + 0.01), f"at {word}", front
    )


DOTS = [dot("1", 1.0, 0.6, front=True), dot("0.5", 0.9, 0.9, front=True), dot("0", 0.5, 0.8)]


def test_dots_have_intervals_both_ways_and_tell_their_word():
    _, settings = trade_off_figure(DOTS, LIGHT, axes=AXES).data

    assert list(settings.customdata) == ["1", "0.5", "0"]
    assert list(settings.error_x.arrayminus) == pytest.approx([0.1] * 3)
    assert list(settings.error_y.array) == pytest.approx([0.01] * 3)
    assert list(settings.hovertext) == ["at 1", "at 0.5", "at 0"]


def test_front_joins_what_nothing_beats_and_fills_it():
    front, settings = trade_off_figure(DOTS, LIGHT, axes=AXES).data

    assert list(front.x) == [0.9, 1.0]
    assert list(settings.marker.color) == [LIGHT.merge, LIGHT.merge, LIGHT.paper]


def test_chosen_dot_is_framed():
    settings = trade_off_figure(DOTS, LIGHT, axes=AXES, chosen="0").data[1]

    assert list(settings.marker.line.color) == [LIGHT.merge, LIGHT.merge, LIGHT.pinned]


def test_labels_that_would_cover_another_are_left_to_the_mouse():
    crowded = [
        dot("1", 1.0, 0.5, front=True),
        dot("0.9", 0.99, 0.49),
        dot("0.8", 0.6, 0.4),
        dot("0.7", 0.61, 0.4),
    ]

    assert list(trade_off_figure(crowded, LIGHT, axes=AXES).data[1].text) == ["α 1", "", "α 0.8", ""]
    assert list(trade_off_figure(crowded, LIGHT, axes=AXES, chosen="0.9").data[1].text)[1] == "α 0.9"


def test_nothing_measured_draws_no_lines():
    assert not trade_off_figure([], LIGHT, axes=AXES).layout.shapes
