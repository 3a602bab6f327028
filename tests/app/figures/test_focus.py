import plotly.graph_objects as go
import pytest

from app.figures.focus import chosen_frame, pinned_marker, row_frames
from app.figures.palette import DARK, LIGHT


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_frames_and_diamonds_have_the_colour_of_the_pinned_baseline(colours):
    assert chosen_frame((0, 1), (0, 1), colours)["line"]["color"] == colours.pinned
    assert pinned_marker(colours)["color"] == colours.pinned


def test_frame_goes_around_its_ends_and_is_empty():
    frame = go.layout.Shape(chosen_frame((0.5, 1.5), (-0.5, 2.5), LIGHT))

    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.5, 1.5, -0.5, 2.5)
    assert (frame.name, frame.type, frame.fillcolor) == ("chosen", "rect", "rgba(0,0,0,0)")


def test_chosen_rows_are_framed_over_the_whole_width_and_no_others():
    frames = row_frames(["stem", "0", "1"], ["0", "elsewhere"], LIGHT)

    assert [(one["xref"], one["x0"], one["x1"], one["y0"], one["y1"]) for one in frames] == [
        ("paper", 0.0, 1.0, 0.52, 1.48)
    ]
    assert row_frames(["stem"], [], LIGHT) == []
