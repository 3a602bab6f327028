import math

from app.figures.palette import LIGHT
from app.views.update_norms.magnitudes_figure import magnitudes_figure, task_colours

MIDDLES = [1e-6, 1e-3, 1e-2]
TASKS = {"digits": [0.0001, 0.3, 0.1], "signs": [0.0, 0.1, 0.4]}


def drawn(**changes):
    return magnitudes_figure(MIDDLES, TASKS, LIGHT, **changes)


def test_each_task_has_a_line_over_the_magnitudes():
    lines = drawn().data

    assert [line.name for line in lines] == ["digits", "signs"]
    assert lines[1].x == tuple(MIDDLES)
    assert lines[1].y == (0.0, 0.1, 0.4)


def test_chosen_task_lies_on_top_in_colour():
    lines = drawn(chosen="digits").data

    assert [line.name for line in lines] == ["signs", "digits"]
    assert (lines[1].line.color, lines[0].line.color) == (LIGHT.merge, LIGHT.quiet)
    assert lines[1].line.width > lines[0].line.width


def test_few_tasks_have_a_hue_each_and_many_have_none():
    few, many = ["a", "b"], [f"t{t}" for t in range(9)]

    assert task_colours(few, LIGHT, chosen=None) == {"a": LIGHT.categories[0], "b": LIGHT.categories[1]}
    assert set(task_colours(many, LIGHT, chosen=None).values()) == {LIGHT.quiet}
    assert task_colours(few, LIGHT, chosen="b") == {"a": LIGHT.quiet, "b": LIGHT.merge}


def test_click_on_a_line_gives_its_task():
    line = drawn().data[0]

    assert line.customdata == ("digits",) * 3
    assert (line.mode, line.marker.opacity) == ("lines+markers", 0.0)


def test_reference_is_dotted_and_takes_no_clicks():
    reference = drawn(chosen="digits", reference=[0.0, 0.2, 0.2]).data[-1]

    assert (reference.line.dash, reference.hoverinfo, reference.mode) == ("dot", "skip", "lines")


def test_axis_leaves_out_magnitudes_that_hardly_any_weight_has():
    low, high = drawn().layout.xaxis.range

    assert math.log10(1e-6) < low < math.log10(1e-3)
    assert high > math.log10(1e-2)


def test_task_that_moved_nothing_can_be_drawn():
    figure = magnitudes_figure([1.0], {"still": [0.0]}, LIGHT)

    assert figure.data[0].y == (0.0,)
