from app.figures.palette import LIGHT
from app.views.tall_masks.named_bars_figure import NamedBar, named_bars_figure

BARS = [NamedBar("a", 0.4, "40 %", 0.5), NamedBar("b", 0.2, "20 %")]


def test_bars_carry_their_number_and_their_null():
    figure = named_bars_figure(BARS, LIGHT)

    amounts, null = figure.data
    assert list(amounts.x) == [0.4, 0.2]
    assert (list(null.x), list(null.y)) == ([0.5], ["a"])
    assert [note.text for note in figure.layout.annotations] == ["<b>40 %</b>", "<b>20 %</b>"]
    assert figure.layout.xaxis.range[1] > 0.5


def test_chosen_bar_stands_out():
    figure = named_bars_figure(BARS, LIGHT, chosen="b")

    assert list(figure.data[0].marker.opacity) == [0.45, 1.0]
    assert list(figure.layout.yaxis.ticktext) == ["a", "<b>b</b>"]


def test_axis_without_a_format_has_no_numbers():
    assert figure_axis("").showticklabels is False
    assert figure_axis(".0%").showticklabels is True


def figure_axis(tickformat):
    return named_bars_figure(BARS, LIGHT, tickformat=tickformat).layout.xaxis
