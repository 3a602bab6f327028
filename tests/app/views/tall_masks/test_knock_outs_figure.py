from app.figures.palette import LIGHT
from app.views.tall_masks.knock_outs_figure import knock_outs_figure
from app.views.tall_masks.reached_figure import Reached

SAME = [
    Reached("nothing removed", 0.7, 0.68, 0.72, "70.0", colour=LIGHT.ink),
    Reached("without selfish", 0.6, 0.58, 0.62, "60.0", "", LIGHT.selfish, 0.61, 0.64),
]
OWN = [SAME[0], Reached("without selfish", 0.65, 0.63, 0.67, "65.0", "", LIGHT.selfish, 0.64, 0.66)]


def test_both_panels_share_rows_and_axis():
    figure = knock_outs_figure(SAME, OWN, LIGHT, titles=("same", "own"))

    left, right = figure.data
    assert (list(left.x), list(right.x)) == ([0.7, 0.6], [0.7, 0.65])
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range
    assert list(figure.layout.yaxis.ticktext) == ["nothing removed", "without selfish"]


def test_random_draws_are_a_band_behind_their_row():
    figure = knock_outs_figure(SAME, OWN, LIGHT, titles=("same", "own"))

    bands = [(shape.xref, shape.x0, shape.x1) for shape in figure.layout.shapes if shape.name == "random"]
    assert bands == [("x", 0.61, 0.64), ("x2", 0.64, 0.66)]
