import pytest

from app.figures.contrast import between, contrast
from app.figures.palette import DARK, LIGHT
from app.views.tall_masks.counts_figure import PALE, CountBar, CountRow, counts_figure

BARS = [CountBar(0.1, 0.02, 0.005), CountBar(0.5, 0.4, 0.01), CountBar(0.4)]
ROWS = [CountRow("equal signs", [1.0, 0.5, None], ["100 %", "50 %", ""], ["2 %", "", ""])]


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


def test_null_is_a_mark_over_its_bar_with_its_spread():
    figure = counts_figure(BARS, ROWS, LIGHT)

    marks = [shape for shape in figure.layout.shapes if shape.name == "null"]
    assert [(mark.x0 < count < mark.x1, mark.y0, mark.y1) for count, mark in enumerate(marks)] == [
        (True, 0.02, 0.02),
        (True, 0.4, 0.4),
    ]
    assert list(trace(figure, "null").error_y.array) == [0.005, 0.01]
    assert marks[0].line.color == LIGHT.ink


def test_numbers_stand_above_bar_and_mark():
    figure = counts_figure([CountBar(0.1, 0.3, 0.02)], [CountRow("x", [0.5], ["1"])], LIGHT)

    assert list(trace(figure, "numbers").y) == [0.32]
    assert figure.layout.yaxis.range[1] > 0.32


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_cells_are_written_in_a_colour_that_can_be_read(colours):
    values = [step / 10 for step in range(11)]
    row = CountRow("x", values, [f"{value}" for value in values])

    figure = counts_figure([CountBar(0.1)] * 11, [row], colours)

    for value, note in zip(values, figure.layout.annotations, strict=True):
        assert contrast(between(colours.sequential, value / PALE), note.font.color) > 4.5


def test_cell_without_weights_is_empty():
    figure = counts_figure(BARS, ROWS, LIGHT)

    assert [note.x for note in figure.layout.annotations] == [0, 1]
    assert "2 %" in figure.layout.annotations[0].text
    assert "<br>" not in figure.layout.annotations[1].text


def test_many_tasks_are_drawn_without_numbers():
    figure = counts_figure([CountBar(0.1)] * 33, [CountRow("x", [0.5] * 33, ["1"] * 33)], LIGHT)

    assert not figure.layout.annotations
    assert len(trace(figure, "share").x) == 33
