from app.figures.palette import LIGHT
from app.views.tall_masks.combinations_figure import Column, combinations_figure

SETS = ["a", "b", "c"]
COLUMNS = [
    Column([0], 0.4, LIGHT.selfish, 0.3, 0.01, "a: 40 %"),
    Column([], 0.3, LIGHT.catastrophic),
    Column([0, 2], 0.2, LIGHT.merge),
]


def trace(figure, name):
    return next(one for one in figure.data if one.name == name)


def test_members_of_a_combination_are_dots_of_its_colour():
    members = trace(combinations_figure(SETS, [0.5, 0.2, 0.3], COLUMNS, LIGHT), "members")

    filled = {
        (x, y)
        for x, y, colour in zip(members.x, members.y, members.marker.color, strict=True)
        if colour != LIGHT.grid
    }
    assert filled == {(0, 0), (2, 0), (2, 2)}
    assert len(members.x) == 9


def test_members_are_joined_from_first_to_last():
    figure = combinations_figure(SETS, [0.5, 0.2, 0.3], COLUMNS, LIGHT)

    lines = [
        (list(one.x), list(one.y)) for one in figure.data[1:] if one.type == "scatter" and one.mode == "lines"
    ]
    assert lines == [([2, 2, 2], [0, 2, None])]


def test_bars_and_nulls_stand_over_their_columns():
    figure = combinations_figure(SETS, [0.5, 0.2, 0.3], COLUMNS, LIGHT)

    assert list(trace(figure, "combinations").y) == [0.4, 0.3, 0.2]
    assert (list(trace(figure, "null").x), list(trace(figure, "null").y)) == ([0], [0.3])
    assert list(trace(figure, "sizes").x) == [0.5, 0.2, 0.3]


def test_click_gives_the_set():
    members = trace(combinations_figure(SETS, [0.5, 0.2, 0.3], COLUMNS, LIGHT), "members")

    assert all(SETS[y] == name for y, name in zip(members.y, members.customdata, strict=True))


def test_no_combination_draws_empty_axes():
    assert len(trace(combinations_figure(SETS, [0.0] * 3, [], LIGHT), "combinations").x) == 0
