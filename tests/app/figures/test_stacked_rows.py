import pytest

from app.figures.palette import LIGHT
from app.figures.stacked_rows import Part, stacked_rows

PARTS = [Part("kept", "#1f5fa8"), Part("trimmed", "#e6e9ee")]


def drawn(shares=((0.25, 0.75), (None, None)), **others):
    return stacked_rows(["0", "proj"], shares, PARTS, LIGHT, of_what="mass", **others)


def test_each_part_is_a_bar_of_its_share_in_every_row():
    kept, trimmed = drawn().data

    assert (list(kept.x), list(trimmed.x)) == ([0.25, None], [0.75, None])
    assert (kept.name, kept.marker.color) == ("kept", "#1f5fa8")


def test_numbers_stand_where_there_is_room_in_a_colour_that_can_be_read():
    kept, trimmed = drawn(((0.03, 0.97), (0.5, 0.5))).data

    assert (list(kept.text), list(trimmed.text)) == (["", "50"], ["97", "50"])
    assert (kept.textfont.color, trimmed.textfont.color) == (LIGHT.paper, LIGHT.ink)


def test_the_chosen_row_is_framed_and_bold():
    figure = drawn(chosen=["proj"])

    (frame,) = figure.layout.shapes
    assert (frame.y0, frame.y1) == (0.52, 1.48)
    assert list(figure.layout.yaxis.ticktext) == ["0", "<b>proj</b>"]
    assert not drawn(chosen=["nowhere"]).layout.shapes


def test_marks_stand_where_parts_end_under_the_null():
    figure = drawn([[0.5, 0.5], [1.0, 0.0]], null=[[0.3, 0.7], [None, None]])

    (marks,) = [trace for trace in figure.data if trace.name == "null"]
    assert list(marks.x) == pytest.approx([0.3, 1.0])
    assert list(marks.y) == ["0", "0"]
    assert not [trace for trace in drawn([[0.5, 0.5], [1.0, 0.0]]).data if trace.name == "null"]
