from app.figures.axes import plain_axis
from app.figures.palette import LIGHT


def test_axis_cannot_be_dragged_away_from_its_data():
    assert plain_axis(LIGHT)["fixedrange"]


def test_axis_takes_what_a_figure_wants_otherwise():
    axis = plain_axis(LIGHT, showgrid=False, ticks="outside")

    assert (axis["showgrid"], axis["ticks"]) == (False, "outside")
