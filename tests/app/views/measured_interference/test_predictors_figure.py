from app.figures.palette import LIGHT
from app.views.measured_interference.predictors_figure import Relation, predictors_figure

PAIRS = [("a", "b"), ("a", "c"), ("b", "c")]


def drawn(*, chosen=None, names=("cosine", "norm ratio")):
    found = [Relation(name, f"ρ of {name}", [0.1, 0.2, 0.3], [1.0, 3.0, 2.0], PAIRS) for name in names]
    return predictors_figure(found, LIGHT, chosen=chosen, unit="mutual loss, nats")


def test_every_diagnostic_has_its_plot_with_its_numbers_above():
    figure = drawn()

    assert [trace.name for trace in figure.data] == ["cosine", "norm ratio"]
    assert [note.text for note in figure.layout.annotations] == [
        "<b>cosine</b><br>ρ of cosine",
        "<b>norm ratio</b><br>ρ of norm ratio",
    ]


def test_points_are_pairs_and_share_the_measured_axis():
    first, second = drawn().data

    assert (list(first.x), list(first.y)) == ([0.1, 0.2, 0.3], [1.0, 3.0, 2.0])
    assert [tuple(pair) for pair in first.customdata] == PAIRS
    assert drawn().layout.yaxis2.matches == "y"
    assert second.xaxis == "x2"


def test_the_pair_in_focus_stands_out_in_every_plot():
    for trace in drawn(chosen=("a", "c")).data:
        assert list(trace.marker.size) == [8, 13, 8]
        assert trace.marker.color[1] == LIGHT.pinned
    assert set(drawn().data[0].marker.size) == {8}


def test_no_diagnostic_is_an_empty_chart():
    assert list(drawn(names=()).data) == []
