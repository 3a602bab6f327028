from dataclasses import replace

import pytest

from app.figures.contrast import contrast
from app.figures.heat_map import Cells, heat_map
from app.figures.palette import DARK, LIGHT

CELLS = Cells(
    rows=["stem", "0", "1"],
    columns=["digits", "signs"],
    values=[[1.0, 2.0], [None, 4.0], [0.0, 3.0]],
    text=[["1", "2"], ["–", "4"], ["0", "3"]],
)


def drawn(cells=CELLS, colours=LIGHT, **changes):
    return heat_map(cells, colours, **{"low": 0.0, "high": 4.0, **changes})


def trace(figure, name):
    return next((one for one in figure.data if one.name == name), None)


def shapes(figure, name):
    return [shape for shape in figure.layout.shapes if shape.name == name]


def many(n_rows, n_columns):
    rows, columns = [f"r{row}" for row in range(n_rows)], [f"c{column}" for column in range(n_columns)]
    return Cells(rows, columns, [[1.0] * n_columns] * n_rows, [["1.25"] * n_columns] * n_rows)


def test_rows_run_downwards_and_columns_across():
    figure = drawn()

    assert figure.data[0].z == ([1.0, 2.0], [None, 4.0], [0.0, 3.0])
    assert figure.layout.yaxis.range == (2.5, -0.5)
    assert figure.layout.xaxis.range == (-0.5, 1.5)


def test_names_that_look_like_numbers_stay_names_in_the_order_given():
    axis = drawn().layout.yaxis

    assert (axis.type, axis.categoryarray) == ("category", ("stem", "0", "1"))


def test_click_on_any_cell_gives_its_row_and_column():
    targets = trace(drawn(), "cells")

    assert list(zip(targets.y, targets.x, strict=True)) == [
        ("stem", "digits"),
        ("stem", "signs"),
        ("0", "digits"),
        ("0", "signs"),
        ("1", "digits"),
        ("1", "signs"),
    ]


def test_click_anywhere_in_a_wide_cell_finds_it():
    assert drawn().layout.hoverdistance == -1


def test_clicked_cells_stay_invisible():
    targets = trace(drawn(), "cells")

    opacities = (targets.marker.opacity, targets.selected.marker.opacity, targets.unselected.marker.opacity)
    assert opacities == (0, 0, 0)


def test_cell_under_the_mouse_says_its_text_unless_it_has_more_to_say():
    assert trace(drawn(), "cells").hovertext == ("1", "2", "–", "4", "0", "3")
    said = replace(CELLS, hover=[["a", "b"], ["c", "d"], ["e", "f"]])
    assert trace(drawn(said), "cells").hovertext == tuple("abcdef")


def test_cells_without_words_can_still_be_clicked():
    targets = trace(drawn(replace(CELLS, text=None)), "cells")

    assert targets.hoverinfo == "none"  # "skip" would take no clicks


def test_numbers_stand_in_cells_that_have_a_value():
    numbers = trace(drawn(), "numbers")

    assert list(zip(numbers.y, numbers.x, numbers.text, strict=True)) == [
        ("stem", "digits", "1"),
        ("stem", "signs", "2"),
        ("0", "signs", "4"),
        ("1", "digits", "0"),
        ("1", "signs", "3"),
    ]


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_number_takes_the_colour_that_is_read_best_on_its_cell(colours):
    numbers = trace(drawn(colours=colours), "numbers")

    palest, fullest = colours.sequential[0], colours.sequential[-1]
    by_text = dict(zip(numbers.text, numbers.textfont.color, strict=True))
    assert contrast(by_text["0"], palest) > 4.5
    assert contrast(by_text["4"], fullest) > 4.5
    assert by_text["0"] != by_text["4"]


@pytest.mark.parametrize(
    ("n_rows", "n_columns", "written"), [(16, 8, True), (12, 15, True), (26, 20, False), (31, 2, False)]
)
def test_numbers_are_written_where_they_fit(n_rows, n_columns, written):
    assert (trace(drawn(many(n_rows, n_columns)), "numbers") is not None) is written


def test_colours_run_from_low_to_high():
    heat = drawn(low=1.0, high=3.0).data[0]

    assert (heat.zmin, heat.zmax) == (1.0, 3.0)
    assert [colour for _, colour in heat.colorscale] == list(LIGHT.sequential)


def test_diverging_colours_have_their_middle_at_zero():
    heat = drawn(low=-4.0, high=4.0, is_diverging=True).data[0]

    assert (heat.zmin, heat.zmax) == (-4.0, 4.0)
    assert heat.colorscale[3] == (0.5, LIGHT.diverging[3])


def test_colour_bar_says_when_values_lie_beyond_it():
    assert drawn(high=3.0).data[0].colorbar.ticktext == ("0", "1.5", "≥ 3")
    assert drawn(high=4.0).data[0].colorbar.ticktext is None


def test_colour_bar_can_be_left_out():
    assert drawn().data[0].showscale
    assert not drawn(colour_bar=False).data[0].showscale


def test_cell_without_a_value_is_hatched():
    (hatching,) = shapes(drawn(), "hatching")

    xs = [float(word) for stroke in hatching.path.split("M")[1:] for word in stroke.split()[::3]]
    ys = [float(word) for stroke in hatching.path.split("M")[1:] for word in stroke.split()[1::3]]
    assert -0.5 <= min(xs) < max(xs) <= 0.5  # the first column
    assert 0.5 < min(ys) < max(ys) < 1.5  # the second row


def test_cells_said_to_be_hatched_are_and_no_others():
    hatched = [[False, False], [False, True], [False, False]]

    (hatching,) = shapes(drawn(replace(CELLS, hatched=hatched)), "hatching")

    assert hatching.path.startswith("M 0.5 ")  # the second column
    assert hatching.path.count("M") == shapes(drawn(), "hatching")[0].path.count("M")


def heights(hatching):
    """Where strokes begin and end, in heights of a row from the middle of the nearest."""
    ends = [word for stroke in hatching.path.split("M")[1:] for word in stroke.split("L")]
    return [abs(float(end.split()[1]) - round(float(end.split()[1]))) for end in ends]


def test_hatching_crosses_no_number():
    (written,) = shapes(drawn(), "hatching")
    (bare,) = shapes(drawn(replace(CELLS, text=None)), "hatching")

    assert min(heights(written)) == pytest.approx(0.26)
    assert heights(bare) == pytest.approx([0.45] * len(heights(bare)))


def test_full_map_has_no_hatching():
    assert shapes(drawn(many(2, 2)), "hatching") == []


@pytest.mark.parametrize(
    ("chosen", "frame"),
    [
        (("0", "signs"), (0.5, 1.5, 0.5, 1.5)),
        (("0", None), (-0.5, 1.5, 0.5, 1.5)),
        ((None, "digits"), (-0.5, 0.5, -0.5, 2.5)),
        (("0", "elsewhere"), (-0.5, 1.5, 0.5, 1.5)),
    ],
)
def test_what_is_chosen_is_framed(chosen, frame):
    (shape,) = shapes(drawn(chosen=chosen), "chosen")

    assert (shape.x0, shape.x1, shape.y0, shape.y1) == frame
    assert shape.line.color == LIGHT.pinned


@pytest.mark.parametrize("chosen", [(None, None), ("elsewhere", None)])
def test_nothing_is_framed_when_nothing_here_is_chosen(chosen):
    assert shapes(drawn(chosen=chosen), "chosen") == []


def test_tasks_against_tasks_frame_both_cells_of_a_pair():
    tasks = ("digits", "signs")
    cells = Cells(rows=tasks, columns=tasks, values=[[None, 1.0], [2.0, None]])

    figure = heat_map(cells, LIGHT, low=0, high=2, chosen=tasks, is_square=True)

    frames = [(shape.x0, shape.y0) for shape in shapes(figure, "chosen")]
    assert frames == [(0.5, -0.5), (-0.5, 0.5)]


def test_names_of_what_is_chosen_are_bold():
    figure = drawn(chosen=("0", "signs"))

    assert figure.layout.yaxis.ticktext == ("stem", "<b>0</b>", "1")
    assert figure.layout.xaxis.ticktext == ("digits", "<b>signs</b>")


def test_gap_sets_groups_of_rows_apart():
    (gap,) = drawn(breaks=[0]).layout.shapes[1:]

    assert (gap.y0, gap.y1, gap.line.color) == (0.5, 0.5, LIGHT.paper)


def test_many_rows_are_lower_than_few_and_never_too_low_to_click():
    heights = {n: drawn(many(n, 2)).layout.height for n in (4, 16, 40)}

    assert heights[4] < heights[16] < heights[40]
    assert heights[40] / 40 > 18


def test_names_of_many_columns_are_turned():
    assert drawn().layout.xaxis.tickangle == 0
    assert drawn(many(3, 24)).layout.xaxis.tickangle == -45
