from app.figures.palette import LIGHT
from app.views.measured_interference.orders_figure import orders_figure

ORDERS = [("digits", "signs"), ("signs", "digits")]


def test_thick_line_is_the_mean():
    figure = orders_figure(ORDERS, [[0.9, 0.5], [0.7, None]], [0.8, 0.5], LIGHT)

    *thin, mean = figure.data
    assert [list(line.y) for line in thin] == [[0.9, 0.5], [0.7, None]]
    assert list(mean.y) == [0.8, 0.5]
    assert mean.line.width > max(line.line.width for line in thin)


def test_axis_is_of_shares_before_anything_is_measured():
    empty = orders_figure(ORDERS, [[None, None], [None, None]], [None, None], LIGHT)

    assert tuple(empty.layout.yaxis.range) == (0, 1)
    measured = orders_figure(ORDERS, [[0.9, 0.5], [0.7, None]], [0.8, 0.5], LIGHT)
    assert measured.layout.yaxis.range is None
