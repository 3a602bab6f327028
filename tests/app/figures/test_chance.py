import plotly.graph_objects as go
import pytest

from app.figures.chance import chance_line, chance_marks
from app.figures.palette import DARK, LIGHT


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_chance_is_drawn_in_ink(colours):
    marks = chance_marks([0.5], ["digits"], colours, spread=[0.1])

    assert marks["marker"]["line"]["color"] == marks["error_x"]["color"] == colours.ink
    assert chance_line(colours) == {"width": 1.5, "color": colours.ink, "dash": "dot"}


@pytest.mark.parametrize(("along", "symbol", "other"), [("x", "line-ns", "y"), ("y", "line-ew", "x")])
def test_stroke_lies_across_the_axis_of_values_and_the_spread_along_it(along, symbol, other):
    marks = chance_marks([0.5, 0.6], [1, 2], LIGHT, along=along, spread=[0.1, 0.2])

    assert marks["marker"]["symbol"] == symbol
    assert marks[f"error_{along}"]["array"] == [0.1, 0.2]
    assert f"error_{other}" not in marks


def test_chance_without_a_spread_has_no_bar():
    assert not {"error_x", "error_y"} & chance_marks([0.5], [1], LIGHT).keys()


def test_marks_are_silent_unless_they_are_given_words():
    assert go.Scatter(**chance_marks([0.5], [1], LIGHT)).hoverinfo == "skip"
    spoken = go.Scatter(**chance_marks([0.5], [1], LIGHT, hoverinfo=None, hovertemplate="random signs"))
    assert (spoken.hoverinfo, spoken.hovertemplate) == (None, "random signs")
