from app.figures.palette import LIGHT
from app.views.sign_conflicts.chance_row import ChanceRow
from app.views.sign_conflicts.excess_figure import excess_figure


def row(name, value, half=1.0, middle=0.0, side=0):
    return ChanceRow(name, value, middle - half, middle + half, side, hover=f"{name}!")


def drawn(*rows, **others):
    return excess_figure(rows, LIGHT, title="points", tickformat="+", **others)


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


def test_dots_and_nulls_stand_in_their_rows():
    figure = drawn(row("0", 5.0, side=1), row("1", -4.0, half=0.5, side=-1), row("2", None))

    observed, null = trace(figure, "observed"), trace(figure, "null")
    assert (list(observed.x), list(observed.y)) == ([5.0, -4.0], ["0", "1"])
    assert (list(null.x), list(null.error_x.array)) == ([0.0, 0.0], [1.0, 0.5])
    assert list(observed.marker.color) == [LIGHT.worse, LIGHT.better]


def test_lines_from_chance_stand_in_the_row_of_their_dot_though_rows_are_called_by_numbers():
    figure = drawn(row("stem", 1.0), row("0", None), row("1", 2.0, middle=0.5))

    lines = [(line.x0, line.x1, line.y0) for line in figure.layout.shapes if line.name == "distance"]
    assert lines == [(0.0, 1.0, 0), (0.5, 2.0, 2)]


def test_a_row_of_few_weights_does_not_stretch_the_axis_and_is_marked_at_its_end():
    figure = drawn(row("0", 2.0), row("1", -2.0), row("ln_post", -40.0, half=50.0), zero=0.0)

    low, high = figure.layout.xaxis.range
    observed = trace(figure, "observed")
    assert -4 < low < -2 < 2 < high < 4
    assert list(observed.x)[:2] == [2.0, -2.0]
    assert low < observed.x[2] < -2
    assert list(observed.marker.symbol) == ["circle", "circle", "triangle-left-open"]


def test_a_far_row_of_many_weights_does_stretch_the_axis():
    figure = drawn(row("0", 2.0), row("1", -2.0), row("2", -40.0))

    assert figure.layout.xaxis.range[0] < -40
    assert set(trace(figure, "observed").marker.symbol) == {"circle"}


def test_nothing_known_is_still_a_figure():
    assert trace(drawn(row("0", None)), "observed").x == ()
