import pytest

from app.figures.dumbbells import ROW_HEIGHT, DumbbellRow, dumbbells
from app.figures.palette import LIGHT

DIGITS = DumbbellRow("digits", zero_shot=0.5, fine_tuned=0.9, accuracy=0.75, low=0.7, high=0.85)
SIGNS = DumbbellRow("signs", zero_shot=0.25, fine_tuned=1.0, accuracy=0.5, low=0.25, high=0.625)


def drawn(*rows, **options):
    return dumbbells(rows, LIGHT, **options)


def trace(figure, name):
    (found,) = figure.select_traces({"name": name})
    return found


def texts(figure):
    return [(note.y, note.text, note.font.color) for note in figure.layout.annotations]


def test_dot_of_each_task_stands_at_its_accuracy():
    merge = trace(drawn(DIGITS, SIGNS), "merge")

    assert dict(zip(merge.y, merge.x, strict=True)) == {"digits": 0.75, "signs": 0.5}


def test_interval_reaches_from_low_to_high():
    error = trace(drawn(SIGNS), "merge").error_x

    assert (list(error.array), list(error.arrayminus)) == ([0.125], [0.25])


def test_track_runs_from_zero_shot_to_fine_tuned():
    tracks = trace(drawn(DIGITS, SIGNS), "tracks")

    assert tracks.x == (0.5, 0.9, None, 0.25, 1.0, None)
    assert tracks.y == ("digits", "digits", None, "signs", "signs", None)


def test_ticks_stand_at_both_ends_of_the_track():
    figure = drawn(DIGITS, SIGNS)

    assert trace(figure, "zero-shot").x == (0.5, 0.25)
    assert trace(figure, "fine-tuned").x == (0.9, 1.0)


def test_control_without_a_fine_tuned_model_has_no_track():
    figure = drawn(DumbbellRow("letters", zero_shot=0.5, accuracy=0.5, low=0.4, high=0.6))

    assert not list(figure.select_traces({"mode": "lines"}))
    assert trace(figure, "zero-shot").x == (0.5,)


def test_accuracy_is_printed_beside_the_row_in_per_cent():
    assert texts(drawn(DIGITS)) == [("digits", "<b>75.0</b>", LIGHT.ink)]


def test_task_without_a_score_yet_shows_no_number():
    figure = drawn(DumbbellRow("digits", zero_shot=0.5, fine_tuned=0.9))

    assert texts(figure) == []
    assert trace(figure, "merge").x == (None,)


def test_score_of_the_recipe_before_is_faint():
    figure = drawn(DIGITS, DumbbellRow("signs", accuracy=0.5, low=0.4, high=0.6, is_stale=True))

    assert trace(figure, "merge").marker.opacity == (1.0, 0.35)
    assert [colour for *_, colour in texts(figure)] == [LIGHT.ink, LIGHT.quiet]


@pytest.mark.parametrize(
    ("difference", "is_clear", "text", "colour"),
    [
        (0.125, True, "+12.5*", LIGHT.better),
        (-0.125, True, "−12.5*", LIGHT.worse),
        (0.125, False, "+12.5", LIGHT.quiet),
        (0.0, False, "+0.0", LIGHT.quiet),
    ],
)
def test_difference_is_signed_and_only_a_clear_one_is_starred_and_coloured(
    difference, is_clear, text, colour
):
    row = DumbbellRow("digits", accuracy=0.75, low=0.7, high=0.8, difference=difference, is_clear=is_clear)

    assert texts(drawn(row))[1] == ("digits", text, colour)


def test_pinned_run_is_a_diamond_on_its_own_accuracy():
    figure = drawn(DumbbellRow("digits", accuracy=0.75, low=0.7, high=0.8, pinned=0.625), SIGNS)

    assert trace(figure, "pinned").x == (0.625, None)
    assert "diamond" in trace(figure, "pinned").marker.symbol


def test_first_task_is_on_top():
    axis = drawn(DIGITS, SIGNS).layout.yaxis

    assert list(axis.categoryarray) == ["digits", "signs"]
    assert axis.range[0] > axis.range[1]


def test_chosen_task_is_bold():
    assert drawn(DIGITS, SIGNS, chosen="signs").layout.yaxis.ticktext == ("digits", "<b>signs</b>")


def test_every_mark_lies_within_the_axis():
    left, right = drawn(DIGITS, DumbbellRow("signs", accuracy=0.1, low=0.02, high=0.2)).layout.xaxis.range

    assert left == 0
    assert right > 1


def test_axis_begins_left_of_the_leftmost_mark():
    left, _ = drawn(DIGITS).layout.xaxis.range

    assert left == pytest.approx(0.46)


def test_click_anywhere_on_a_row_meets_a_mark_of_its_task():
    rows = trace(drawn(DIGITS, SIGNS), "rows")

    assert rows.y == ("digits", "signs")
    assert (rows.base, [rows.base + width for width in rows.x]) == (-0.5, [1.5, 1.5])
    assert (rows.marker.opacity, rows.hoverinfo) == (0, "none")


def test_each_task_makes_the_figure_one_row_higher():
    one, two = drawn(DIGITS), drawn(DIGITS, SIGNS)

    assert two.layout.height - one.layout.height == ROW_HEIGHT


def test_nothing_to_draw_is_an_empty_frame():
    figure = drawn()

    assert texts(figure) == []
    assert trace(figure, "merge").x == ()


def test_figure_says_which_recipe_it_draws():
    assert dumbbells([DumbbellRow("digits")], LIGHT, recipe="0123abcd").layout.meta == "0123abcd"


def test_baseline_has_its_name_under_the_mouse():
    row = DumbbellRow("digits", pinned=0.5)

    assert "%{y}: pinned %{x" in trace(drawn(row), "pinned").hovertemplate
    assert "%{y}: constant λ %{x" in trace(drawn(row, baseline="constant λ"), "pinned").hovertemplate
