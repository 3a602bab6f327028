from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import plotly.graph_objects as go
import pytest

from app.figures.once import built_once
from app.figures.plain_data import as_given, with_plain_texts


@dataclass(frozen=True, slots=True)
class Row:
    task: str
    value: float

    def __post_init__(self):
        assert self.task != "&amp;"


class Point(NamedTuple):
    name: str
    x: float


class Kind(StrEnum):
    RATIO = "a<b"


def test_texts_at_any_depth_are_written_so_that_plotly_shows_them():
    data = (["<b>a</b>"], {"R&D": Row("&", 2.0)}, Point("a<sub>b</sub>", 1.0), ("x\ny", None, 3))

    assert with_plain_texts(data) == (
        ["&lt;b>a&lt;/b>"],
        {"R&amp;D": with_plain_texts(Row("&", 2.0))},
        Point("a&lt;sub>b&lt;/sub>", 1.0),
        ("x<br>y", None, 3),
    )
    assert with_plain_texts(Row("&", 2.0)).task == "&amp;"


def test_numbers_choices_and_the_data_itself_stay():
    values, row = np.arange(3), Row("<i>", 1.0)

    with_plain_texts(row)

    assert with_plain_texts(values) is values
    assert with_plain_texts(Kind.RATIO) is Kind.RATIO
    assert row.task == "<i>"


@pytest.mark.parametrize("name", ["<b>a</b>", "a&lt;b", "R&D", "a\nb", "&amp;amp;", "plain"])
def test_clicked_point_has_the_names_that_were_given(name):
    shown = with_plain_texts({"y": name, "customdata": [name, 3]})

    assert as_given(shown) == {"y": name, "customdata": [name, 3]}


def test_figures_obey_what_they_write_themselves_alone():
    @built_once
    def drawn(name):
        return go.Figure(layout={"title": {"text": f"<b>{name}</b>"}})

    assert drawn("<i>a</i>").layout.title.text == "<b>&lt;i>a&lt;/i></b>"
