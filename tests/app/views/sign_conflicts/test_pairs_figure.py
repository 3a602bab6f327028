from typing import Any

import pytest

from app.figures.palette import LIGHT
from app.views.sign_conflicts.pairs_figure import pairs_figure
from app.views.sign_conflicts.triangle import Triangle

TASKS = ["a", "b", "c"]


def triangle(values, **others):
    text = [["" if value is None else f"{value:g}" for value in row] for row in values]
    given: dict[str, Any] = {"neutral": 0.0, "reach": 1.0, "ticks": [(0.0, "0")], "title": "t"}
    return Triangle(values, text, **given | others)


@pytest.fixture
def cosines():
    return triangle([[1, 0.1, 0.2], [0.1, 1, 0.3], [0.2, 0.3, 1]], title="cosine")


@pytest.fixture
def conflict():
    values = [[0.0, 0.4, 0.6], [0.4, 0.0, None], [0.6, None, 0.0]]
    return triangle(
        values,
        neutral=0.5,
        reach=0.25,
        ticks=[(0.25, "25 %"), (0.5, "50 % chance"), (0.75, "75 %")],
        title="conflict",
        is_reversed=True,
        notes=[["", "", ""], ["−3.0", "", ""], ["", "", ""]],
    )


def drawn(cosines, conflict, tasks=TASKS, **others):
    hover = [[f"{a}/{b}" for b in tasks] for a in tasks]
    return pairs_figure(tasks, cosines, conflict, hover, LIGHT, **others)


def named(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def test_each_measure_fills_its_own_triangle_on_its_own_scale(cosines, conflict):
    figure = drawn(cosines, conflict)
    (above,), (below,) = named(figure, "cosine"), named(figure, "conflict")

    assert [list(row) for row in above.z] == [[None, 0.1, 0.2], [None, None, 0.3], [None, None, None]]
    assert below.z[1][0] == pytest.approx(0.1)  # below chance: the colour of better
    assert below.z[2][0] == pytest.approx(-0.1)
    assert (above.zmin, above.zmax, below.zmin, below.zmax) == (-1.0, 1.0, -0.25, 0.25)


def test_chance_is_drawn_into_the_colour_bar(cosines, conflict):
    (below,) = named(drawn(cosines, conflict), "conflict")

    assert dict(zip(below.colorbar.ticktext, below.colorbar.tickvals, strict=True)) == {
        "25 %": 0.25,
        "50 % chance": 0.0,
        "75 %": -0.25,
    }


def test_one_set_of_targets_takes_the_clicks_of_both_triangles(cosines, conflict):
    (cells,) = named(drawn(cosines, conflict), "cells")

    assert len(cells.x) == 9
    assert cells.hovertext[1] == "a/b"


def test_the_chosen_pair_is_framed_in_both_triangles_and_bold(cosines, conflict):
    figure = drawn(cosines, conflict, chosen=("a", "c"))

    frames = [(shape.x0, shape.y0) for shape in figure.layout.shapes if shape.name == "chosen"]
    assert sorted(frames) == [(-0.5, 1.5), (1.5, -0.5)]
    assert list(figure.layout.yaxis.ticktext) == ["<b>a</b>", "b", "<b>c</b>"]


def test_numbers_stand_in_both_triangles_and_nothing_on_the_diagonal(cosines, conflict):
    texts = [list(trace.text) for trace in named(drawn(cosines, conflict), "numbers")]

    assert texts == [["0.1", "0.2", "0.3"], ["0.4", "0.6"]]


def test_a_pair_without_a_weight_in_common_is_hatched(cosines, conflict):
    shapes = [shape.name for shape in drawn(cosines, conflict).layout.shapes]

    assert shapes.count("hatching") == 1


def test_notes_stand_in_their_cells_while_there_is_room(cosines, conflict):
    (note,) = drawn(cosines, conflict).layout.annotations

    assert (note.text, note.x, note.y) == ("−3.0", 0, 1)
    many = [f"task{k}" for k in range(11)]
    full = triangle([[0.5] * 11] * 11, notes=[["−1.0"] * 11] * 11)
    assert not drawn(full, full, many).layout.annotations
