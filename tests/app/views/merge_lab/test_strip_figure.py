from typing import Any

from app.figures.palette import LIGHT
from app.views.merge_lab.strip_figure import strip_figure

TASKS = {"digits": [0.5, 0.75, 0.5], "signs": [0.5, 0.25, 0.0]}


def drawn(**changes):
    given: dict[str, Any] = {"here": 0.5, "span": (0.0, 1.0), "label": "λ"} | changes
    return strip_figure([0.0, 0.5, 1.0], [0.5, 0.5, 0.25], TASKS, LIGHT, **given)


def test_mean_runs_through_the_measured_positions():
    (mean,) = drawn().select_traces({"name": "mean"})

    assert (mean.x, mean.y) == ((0.0, 0.5, 1.0), (0.5, 0.5, 0.25))
    assert mean.mode == "lines+markers"


def test_each_task_stands_behind_the_mean():
    lines = drawn().data

    assert [line.name for line in lines] == ["digits", "signs", "mean", "positions"]
    assert lines[1].y == (0.5, 0.25, 0.0)


def test_chosen_task_stands_out_and_lies_on_top():
    *_, other, chosen, _, _ = drawn(chosen="digits").data

    assert (chosen.name, chosen.line.color, chosen.line.width) == ("digits", LIGHT.ink, 2)
    assert (other.name, other.line.width) == ("signs", 1)


def test_positions_fill_the_chart_without_a_gap_and_tell_their_numbers():
    (bars,) = drawn(chosen="digits").select_traces({"name": "positions"})

    ends = [
        (x + left, x + left + width) for x, left, width in zip(bars.x, bars.offset, bars.width, strict=True)
    ]
    assert ends == [(0.0, 0.25), (0.25, 0.75), (0.75, 1.0)]
    assert bars.hovertext[1] == "λ 0.5: mean 50.0%<br>digits 75.0%"
    assert drawn(chosen="digits").layout.yaxis.range == (bars.base, bars.base + bars.y[0])


def test_dotted_line_marks_where_the_slider_stands():
    (line,) = drawn(here=0.75).layout.shapes

    assert (line.x0, line.x1, line.line.dash) == (0.75, 0.75, "dot")


def test_axis_is_the_slider():
    axis = drawn(span=(-1.0, 3.0), label="β").layout.xaxis

    assert (axis.range, axis.title.text) == ((-1.0, 3.0), "β")
