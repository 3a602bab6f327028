import itertools

import pytest

from app.figures.palette import LIGHT
from app.views.tall_masks.curve_figure import Curve, curve_figure

STOPS = (0.0, 0.5, 1.0)


def line(end, by_chance=None):
    return Curve(f"to {end}", LIGHT.merge, [0.0, 0.2, end], by_chance)


def ends(figure):
    return {note.text: note.y for note in figure.layout.annotations if note.xref == "paper"}


def test_null_is_dotted_ink_beside_its_line():
    figure = curve_figure(STOPS, [line(0.3, [0.1, 0.2, 0.3])], LIGHT, marked={})

    null, own = figure.data
    assert (null.line.dash, null.line.color, list(null.y)) == ("dot", LIGHT.ink, [0.1, 0.2, 0.3])
    assert own.name == "to 0.3"


@pytest.mark.parametrize("values", [(0.3, 0.31, 0.32, 0.33), (1.0, 1.0, 1.0, 1.0), (0.0, 0.0, 0.5, 1.0)])
def test_labels_never_lie_on_one_another(values):
    figure = curve_figure(STOPS, [line(value) for value in values], LIGHT, marked={})

    heights = sorted(note.y for note in figure.layout.annotations)
    assert all(b - a > 0.07 for a, b in itertools.pairwise(heights))
    assert heights[-1] <= 1


def test_labels_lie_where_their_lines_end_if_there_is_room():
    figure = curve_figure(STOPS, [line(0.2), line(0.9)], LIGHT, marked={})

    top = figure.layout.yaxis.range[1]
    assert ends(figure) == {"to 0.2": pytest.approx(0.2 / top), "to 0.9": pytest.approx(0.9 / top)}


def test_marked_lambda_has_a_line_of_its_own_inside_the_range_alone():
    figure = curve_figure(STOPS, [line(0.2)], LIGHT, marked={"λ = 0.4": 0.4, "λ = 7": 7.0})

    assert [(shape.x0, shape.x1) for shape in figure.layout.shapes] == [(0.4, 0.4)]
    assert [note.text for note in figure.layout.annotations] == ["to 0.2", "λ = 0.4"]
