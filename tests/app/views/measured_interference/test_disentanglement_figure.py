import pytest

from app.figures.palette import DARK, LIGHT
from app.views.measured_interference.disentanglement_figure import disentanglement_figure

VALUES = (-1.0, 0.0, 1.0, 2.0)
CELLS = [[0.1 * (4 * row + column) for column in range(4)] for row in range(4)]


def drawn(colours=LIGHT, *, cells=CELLS, here=None):
    return disentanglement_figure(
        VALUES, cells, colours, axes=("α of a", "α of b"), here=here, box=(0.0, 1.0), high=2.0, unit="ξ"
    )


def test_every_measured_cell_stands_at_its_coefficients():
    (cells,) = drawn().data

    assert [list(row) for row in cells.z] == CELLS  # rows from the bottom: the second coefficient
    assert (tuple(cells.x), tuple(cells.y)) == (VALUES, VALUES)
    assert (cells.zmin, cells.zmax) == (0.0, 2.0)


def test_unmeasured_cells_stay_empty():
    (cells,) = drawn(cells=[[None] * 4, *CELLS[1:]]).data

    assert list(cells.z[0]) == [None] * 4


def test_the_searched_square_is_framed():
    (frame,) = drawn().layout.shapes

    assert (frame.x0, frame.x1, frame.y0, frame.y1) == (0.0, 1.0, 0.0, 1.0)


def test_the_lab_is_marked_where_it_stands_and_only_then():
    *_, mark = drawn(here=(0.3, 0.7)).data

    assert (list(mark.x), list(mark.y)) == ([0.3], [0.7])
    assert [trace.name for trace in drawn().data] == [None]


@pytest.mark.parametrize("colours", [LIGHT, DARK])
def test_colours_are_the_themes(colours):
    (cells,) = drawn(colours).data

    assert cells.colorscale[0][1] == colours.sequential[0]
