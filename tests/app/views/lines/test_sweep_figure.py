import pytest

from app.figures.palette import LIGHT
from app.views.lines.sweep_figure import SweepCurve, sweep_figure

LINES = [
    SweepCurve(
        "lines", [0.0, 0.5, 1.0], [0.5, 0.7, 0.6], [0.4, 0.6, 0.5], [0.55, 0.75, 0.65], ["a", "b", "c"]
    ),
    SweepCurve("constant", [0.0, 0.5], [0.5, 0.4], [0.4, 0.3], [0.6, 0.5], ["d", "e"]),
    SweepCurve("reversed", [], [], [], [], []),
]


def test_points_tell_their_kind_and_true_position_though_drawn_apart():
    lines, constant, nothing = sweep_figure(LINES, LIGHT, label="β").data

    assert list(lines.customdata) == ["lines~0", "lines~0.5", "lines~1"]
    assert list(constant.x) == [0.0, 0.5]
    assert list(lines.x) == pytest.approx([0.0, 0.5, 1.0], abs=0.1)
    assert lines.x[0] < constant.x[0]
    assert list(nothing.x) == []
    assert list(lines.hovertext) == ["a", "b", "c"]


def test_intervals_reach_from_low_to_high():
    lines = sweep_figure(LINES, LIGHT, label="β").data[0]

    assert list(lines.error_y.array) == pytest.approx([0.05, 0.05, 0.05])
    assert list(lines.error_y.arrayminus) == pytest.approx([0.1, 0.1, 0.1])


def test_best_is_written_and_what_is_alike_lies_on_a_band():
    figure = sweep_figure(LINES, LIGHT, label="β", best=0.5, alike=(0.5, 1.0), best_name="best of 3")

    (note,) = figure.layout.annotations
    assert note.text == "best of 3"
    assert note.y == 0.75
    (band,) = figure.layout.shapes
    assert band.x0 < 0.5
    assert band.x1 > 1.0


def test_lonely_best_has_no_band():
    assert not sweep_figure(LINES, LIGHT, label="β", best=0.5, alike=(0.5,)).layout.shapes


def test_chosen_point_is_larger_and_the_pages_own_setting_is_marked():
    figure = sweep_figure(LINES, LIGHT, label="β", marked=0.7, chosen=("lines", 0.5))

    sizes = figure.data[0].marker.size
    assert sizes[1] > sizes[0]
    assert [shape.x0 for shape in figure.layout.shapes] == [0.7]


def test_a_level_is_drawn_across_at_its_accuracy():
    figure = sweep_figure(LINES, LIGHT, label="β", level=0.62)

    assert [(line.y0, line.y1) for line in figure.layout.shapes] == [(0.62, 0.62)]
