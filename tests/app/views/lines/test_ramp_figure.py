import pytest

from app.figures.palette import LIGHT
from app.views.lines.ramp_figure import ramp_figure


def drawn(factors, **changes):
    names = ["outside", *(str(layer) for layer in range(len(factors) - 1))]
    sizes = [2.0] * len(factors)
    after = [abs(factor) * 2.0 for factor in factors]
    return ramp_figure(names, factors, sizes, after, LIGHT, **{"constant": 0.4, **changes})


def trace(figure, name):
    (found,) = [one for one in figure.data if one.name == name]
    return found


def height_of_zero(axis):
    low, high = axis.range
    return -low / (high - low)


def test_outside_is_not_joined_with_the_blocks():
    figure = drawn([0.2, 0.2, 0.5, 0.8])

    assert list(trace(figure, "outside").y) == [0.2]
    assert list(trace(figure, "factor").x) == ["0", "1", "2"]
    assert list(trace(figure, "factor").y) == [0.2, 0.5, 0.8]
    assert list(trace(figure, "after").y) == pytest.approx([0.4, 0.4, 1.0, 1.6])


@pytest.mark.parametrize("factors", [[0.2, 0.2, 0.8], [-0.5, -0.5, 1.0], [-1.0, -1.0, -0.2], [0.0, 0.0, 0.0]])
def test_both_axes_start_from_the_same_zero_and_hold_everything(factors):
    figure = drawn(factors, constant=factors[-1])

    assert height_of_zero(figure.layout.yaxis) == pytest.approx(height_of_zero(figure.layout.yaxis2))
    low, high = figure.layout.yaxis2.range
    assert low <= min(factors)
    assert high >= max(factors)
    assert figure.layout.yaxis.range[1] > 2.0


def test_constant_crosses_the_whole_width():
    assert list(trace(drawn([0.2, 0.2, 0.8]), "constant").y) == [0.4, 0.4]
    assert list(trace(drawn([0.2, 0.2, 0.8]), "constant").x) == [-0.5, 2.5]


def test_many_layers_are_named_now_and_then_and_the_chosen_one_bold():
    figure = drawn([0.2] * 25, chosen="7")

    shown = list(figure.layout.xaxis.ticktext)
    assert len(shown) < 17
    assert "<b>7</b>" in shown
    assert shown[0] == "outside"
