import plotly.graph_objects as go
import pytest

from app.figures.axes import axis_title, inked, name_axis, numbered_row_axis, plain_axis, row_axis, row_pixels
from app.figures.palette import DARK, LIGHT

NAMES = ["digits", "signs", "10"]


def test_axis_cannot_be_dragged_away_from_its_data():
    assert plain_axis(LIGHT)["fixedrange"]


def test_axis_takes_what_a_figure_wants_otherwise():
    axis = plain_axis(LIGHT, showgrid=False, ticks="outside")

    assert (axis["showgrid"], axis["ticks"]) == (False, "outside")


def test_names_run_from_left_to_right_and_rows_from_the_top():
    assert name_axis(NAMES, LIGHT)["range"] == [-0.5, 2.5]
    assert row_axis(NAMES, LIGHT)["range"] == [2.5, -0.5]
    assert numbered_row_axis(NAMES, LIGHT)["range"] == [2.5, -0.5]


@pytest.mark.parametrize("axis", [name_axis, row_axis])
def test_names_that_are_numbers_are_names_all_the_same_and_keep_their_order(axis):
    made = axis(NAMES, LIGHT)

    assert (made["type"], made["categoryorder"], made["categoryarray"]) == ("category", "array", NAMES)
    assert made["tickvals"] == NAMES


def test_marks_find_a_numbered_row_by_its_place():
    axis = numbered_row_axis(NAMES, LIGHT)

    assert axis["tickvals"] == [0, 1, 2]
    assert axis["ticktext"] == NAMES
    assert "type" not in axis


@pytest.mark.parametrize("axis", [name_axis, row_axis, numbered_row_axis])
def test_chosen_names_are_bold_and_no_others(axis):
    assert axis(NAMES, LIGHT, {"signs"})["ticktext"] == ["digits", "<b>signs</b>", "10"]
    assert axis(NAMES, LIGHT, {None})["ticktext"] == NAMES


@pytest.mark.parametrize("axis", [name_axis, row_axis, numbered_row_axis])
def test_named_axes_take_what_a_figure_wants_otherwise_and_plotly_takes_them(axis):
    made = axis(NAMES, DARK, range=[9, 0], tickfont=inked(DARK), title=axis_title("tasks", DARK))

    drawn = go.Layout(yaxis=made).yaxis
    assert (drawn.range, drawn.tickfont.color, drawn.title.text) == ((9, 0), DARK.ink, "tasks")
    assert drawn.title.font.color == DARK.quiet


def test_names_are_quiet_unless_they_are_written_in_ink():
    assert row_axis(NAMES, LIGHT)["tickfont"]["color"] == LIGHT.quiet
    assert row_axis(NAMES, LIGHT, tickfont=inked(LIGHT))["tickfont"]["color"] == LIGHT.ink


def test_rows_of_a_deep_model_are_lower():
    assert row_pixels(60) < row_pixels(8)
    assert row_pixels(0) == row_pixels(1)
