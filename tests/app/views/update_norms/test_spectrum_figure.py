from app.figures.palette import LIGHT
from app.views.update_norms.spectrum_figure import spectrum_figure


def drawn(values=(3.0, 2.0, 1.0), null=(2.5, 2.0, 1.5), rank=2.7, null_rank=2.9):
    return spectrum_figure(values, null, LIGHT, rank=rank, null_rank=null_rank)


def test_singular_values_are_bars_and_those_of_a_random_matrix_a_line_of_ink():
    update, null = drawn().data

    assert (update.type, update.x, update.y) == ("bar", (1, 2, 3), (3.0, 2.0, 1.0))
    assert (null.mode, null.y, null.line.color) == ("lines", (2.5, 2.0, 1.5), LIGHT.ink)


def test_single_direction_of_a_random_matrix_is_a_mark():
    assert drawn((1.0,), (1.0,), 1.0, 1.0).data[1].mode == "markers"


def test_both_effective_ranks_are_marked_and_named():
    figure = drawn()

    assert [shape.x0 for shape in figure.layout.shapes] == [2.7, 2.9]
    assert [note.text for note in figure.layout.annotations] == ["effective rank 3", "random 3"]


def test_names_of_ranks_close_together_stand_on_two_levels():
    one, other = drawn(rank=2.7, null_rank=2.7).layout.annotations

    assert abs(one.yshift - other.yshift) >= 14


def test_name_of_a_rank_near_the_end_stays_inside():
    one, other = drawn(rank=1.0, null_rank=2.9).layout.annotations

    assert (one.xanchor, other.xanchor) == ("left", "right")
