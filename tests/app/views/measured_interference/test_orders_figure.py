import pytest

from app.figures.palette import LIGHT
from app.views.measured_interference.orders_figure import orders_figure

ORDERS = [("digits", "signs"), ("signs", "digits")]


def test_thick_line_is_the_mean_of_what_is_measured():
    figure = orders_figure(ORDERS, [[0.9, 0.5], [0.7, None]], LIGHT)

    *thin, mean = figure.data
    assert [list(line.y) for line in thin] == [[0.9, 0.5], [0.7, None]]
    assert list(mean.y) == pytest.approx([0.8, 0.5])


def test_axis_is_of_shares_before_anything_is_measured():
    empty = orders_figure(ORDERS, [[None, None], [None, None]], LIGHT)

    assert tuple(empty.layout.yaxis.range) == (0, 1)
    assert orders_figure(ORDERS, [[0.9, 0.5], [0.7, None]], LIGHT).layout.yaxis.range is None
