import pytest

from app.figures.palette import LIGHT
from app.views.tall_masks.reached_figure import Reached, reached_figure, value_span

ROWS = [Reached("a", 0.9, 0.85, 0.93, "90 %"), Reached("b", 1.0, 1.0, 1.0, "100 %")]


def test_rows_carry_their_interval_and_the_target():
    figure = reached_figure(ROWS, LIGHT, target=0.99, target_name="the paper's 99 %")

    (measured,) = figure.data
    assert list(measured.x) == [0.9, 1.0]
    assert list(measured.error_x.array) == pytest.approx([0.03, 0.0])
    assert list(measured.error_x.arrayminus) == pytest.approx([0.05, 0.0])
    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0.99, 0.99)]


def test_axis_holds_rows_bands_and_target():
    low, high = value_span([Reached("a", 0.9, 0.85, 0.93, "", random_low=0.7, random_high=0.8)], 0.99)

    assert low < 0.7
    assert high > 0.99
    assert value_span([]) == (0.0, pytest.approx(1.05))
