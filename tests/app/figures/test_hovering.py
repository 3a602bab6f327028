import re

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.figures.hovering import LINE, in_lines, with_short_lines


def lines(text):
    return text.split("<br>")


@given(st.text(alphabet="ab -_/%&<>;{}", max_size=200))
def test_lines_are_short_and_nothing_but_blanks_is_lost(text):
    broken = in_lines(text)

    assert re.sub(r"\s|<br>", "", broken) == re.sub(r"\s|<br>", "", text)


def test_long_sentence_is_broken_between_words_and_a_short_one_left():
    text = "'digits' without block 5: log-likelihood +0.011 nats (−0.016 to +0.039), 256 images"

    assert max(map(len, lines(in_lines(text)))) <= LINE
    assert " ".join(lines(in_lines(text))).replace("- ", "-") == text
    assert in_lines("digits: 71.2%") == "digits: 71.2%"


def test_lines_that_are_broken_already_stay():
    assert lines(in_lines("first<br>second")) == ["first", "second"]


def test_name_of_66_characters_is_broken():
    assert [len(line) for line in lines(in_lines("x" * 66))] == [38, 28]


@pytest.mark.parametrize("part", ["%{customdata[0]:.1%}", "&lt;", "<b>"])
def test_no_break_falls_inside_what_plotly_reads(part):
    text = "x" * (LINE - 1) + part + "x" * 20

    assert part in in_lines(text)


def test_second_box_of_a_template_stays_behind():
    assert in_lines(f"{'word ' * 20}<extra></extra>").endswith("<extra></extra>")


def test_texts_of_every_trace_are_broken():
    figure = go.Figure([go.Scatter(x=[1], y=[1], hovertext=["a " * 40]), go.Heatmap(z=[[1]])])

    found = with_short_lines(figure)

    assert max(map(len, lines(found.data[0].hovertext[0]))) <= LINE
    assert found.data[1].hovertext is None
