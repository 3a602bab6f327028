from app.figures.mask_rows import mask_rows
from app.figures.palette import LIGHT

NAMES = ["catastrophic", "selfish", "universal"]
SHARES = [[0.1, 0.2, 0.7], [0.0, 0.5, 0.5]]


def test_rows_are_stacked_by_number_of_masks():
    figure = mask_rows(["0", "1"], SHARES, NAMES, LIGHT)

    assert [bar.name for bar in figure.data] == NAMES
    assert [list(bar.x) for bar in figure.data] == [[0.1, 0.0], [0.2, 0.5], [0.7, 0.5]]
    assert figure.layout.barmode == "stack"


def test_names_that_look_like_numbers_stay_names():
    assert mask_rows(["0", "1"], SHARES, NAMES, LIGHT).layout.yaxis.type == "category"


def test_chosen_row_is_framed_and_bold():
    figure = mask_rows(["0", "1"], SHARES, NAMES, LIGHT, chosen="1")

    (frame,) = figure.layout.shapes
    assert frame.y0 < 1 < frame.y1
    assert list(figure.layout.yaxis.ticktext) == ["0", "<b>1</b>"]


def test_nothing_is_framed_without_a_choice():
    assert not mask_rows(["0", "1"], SHARES, NAMES, LIGHT, chosen="ln_pre").layout.shapes
