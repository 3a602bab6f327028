from typing import Any

from app.figures.heat_map import Cells
from app.figures.palette import LIGHT
from app.views.update_norms.norm_table_figure import Profile, norm_table_figure

CELLS = Cells(["stem", "0"], ["digits", "signs"], [[1.0, 2.0], [3.0, 4.0]], [["1", "2"], ["3", "4"]])
BY_ROW, BY_COLUMN = Profile([1.5, 3.5], ["1.5", "3.5"]), Profile([2.0, 3.0], ["2.0", "3.0"])


def drawn(cells=CELLS, **changes):
    given: dict[str, Any] = {"high": 4.0, "unit": "%", "by_row": BY_ROW, "by_column": BY_COLUMN} | changes
    return norm_table_figure(cells, LIGHT, **given)


def trace(figure, name):
    return next((one for one in figure.data if one.name == name), None)


def test_profile_of_the_rows_stands_beside_the_rows():
    bars = trace(drawn(), "by row")

    assert (bars.y, bars.x, bars.orientation) == (("stem", "0"), (1.5, 3.5), "h")
    assert (bars.xaxis, bars.yaxis) == ("x2", None)  # the rows' own axis


def test_profile_of_the_columns_stands_above_the_columns():
    bars = trace(drawn(), "by column")

    assert (bars.x, bars.y) == (("digits", "signs"), (2.0, 3.0))
    assert (bars.xaxis, bars.yaxis) == (None, "y2")


def test_cells_and_profiles_do_not_overlap():
    layout = drawn().layout

    assert layout.xaxis.domain[1] < layout.xaxis2.domain[0]
    assert layout.yaxis.domain[1] < layout.yaxis2.domain[0]


def test_cells_take_the_whole_width_where_rows_cannot_be_compared():
    figure = drawn(by_row=None)

    assert trace(figure, "by row") is None
    assert figure.layout.xaxis.domain == (0.0, 1.0)


def test_norms_run_from_nothing_to_the_largest():
    heat = drawn().data[0]

    assert (heat.zmin, heat.zmax) == (0.0, 4.0)


def test_norms_against_a_mean_are_coloured_on_both_sides_of_it():
    heat = drawn(is_diverging=True, by_row=None).data[0]

    assert (heat.zmin, heat.zmax) == (-4.0, 4.0)


def test_bars_below_nothing_have_room_for_their_numbers():
    figure = drawn(is_diverging=True, by_row=None, by_column=Profile([-2.0, 3.0], ["−2", "+3"]))

    low, high = figure.layout.yaxis2.range
    assert low < -2.0
    assert high > 3.0


def test_bars_of_what_is_chosen_are_in_full_colour():
    figure = drawn(chosen=("0", "digits"))

    assert trace(figure, "by row").marker.color == (LIGHT.sequential[1], LIGHT.merge)
    assert trace(figure, "by column").marker.color == (LIGHT.merge, LIGHT.sequential[1])


def test_bars_of_many_columns_carry_no_numbers_but_say_them():
    n = 13
    cells = Cells(["0"], [f"t{t}" for t in range(n)], [[1.0] * n])
    figure = drawn(cells, by_row=None, by_column=Profile([1.0] * n, ["1.0"] * n))
    bars = trace(figure, "by column")

    assert bars.text is None
    assert bars.hovertext[3] == "t3, all: 1.0"
    assert trace(drawn(), "by column").text == ("2.0", "3.0")


def test_map_of_zeros_can_be_drawn():
    cells = Cells(["0"], ["t"], [[0.0]])

    figure = drawn(cells, high=1.0, by_row=Profile([0.0], ["0.0"]), by_column=Profile([None], ["–"]))

    assert figure.layout.xaxis2.range == (0.0, 1.0)
    assert figure.layout.yaxis2.range == (0.0, 1.0)


def test_deep_zoo_fits_a_screen():
    rows = [str(row) for row in range(28)]
    cells = Cells(rows, [f"t{t}" for t in range(20)], [[1.0] * 20] * 28)

    figure = drawn(cells, by_row=Profile([1.0] * 28, ["1"] * 28), by_column=Profile([1.0] * 20, ["1"] * 20))

    assert figure.layout.height < 650
