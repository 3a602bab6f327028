import pytest

from app.figures.palette import LIGHT
from app.views.merge_lab.class_bars import ClassRow
from app.views.merge_lab.class_bars_figure import class_bars_figure

ZERO = ClassRow("zero", n=8, accuracy=0.75, low=0.5, high=0.875, baseline=0.5)
ONE = ClassRow("one", n=4, accuracy=0.5, low=0.25, high=0.75, baseline=None)


def drawn(*rows, is_pinned=True):
    return class_bars_figure(rows, LIGHT, baseline_name="before", is_pinned=is_pinned).data


def test_bar_of_each_class_is_as_high_as_its_accuracy():
    bar = drawn(ZERO, ONE)[0]

    assert dict(zip(bar.x, bar.y, strict=True)) == {"zero": 0.75, "one": 0.5}
    assert bar.customdata == (8, 4)


def test_whisker_reaches_from_low_to_high():
    error = drawn(ZERO)[0].error_y

    assert error.array == pytest.approx([0.125])
    assert error.arrayminus == pytest.approx([0.25])


def test_diamond_marks_the_baseline_where_it_is_known():
    diamonds = drawn(ZERO, ONE)[1]

    assert (diamonds.name, diamonds.y) == ("before", (0.5, None))
    assert "diamond" in diamonds.marker.symbol


def test_base_keeps_its_tick_where_nothing_is_pinned():
    ticks = drawn(ZERO, is_pinned=False)[1].marker

    assert (ticks.symbol, ticks.color) == ("line-ew-open", LIGHT.zero_shot)


def test_without_a_baseline_there_are_bars_alone():
    assert [one.type for one in drawn(ONE)] == ["bar"]


def test_class_without_images_has_neither_bar_nor_whisker():
    bar = drawn(ClassRow("two", n=0, accuracy=None, low=0.0, high=1.0, baseline=None))[0]

    assert (bar.y, bar.error_y.array, bar.error_y.arrayminus) == ((None,), (None,), (None,))
