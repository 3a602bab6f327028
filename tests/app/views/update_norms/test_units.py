import math

import pytest

from analysis.weights.norms import Measure
from app.views.update_norms.units import Unit, in_words, number, unit_of


def written(measure, largest, norm):
    unit = unit_of(measure, largest)
    return unit.written(norm), unit.title


def test_relative_norms_are_percent():
    assert written(Measure.RELATIVE, 0.12, 0.0312) == ("3.1", "% of the base norm")


def test_small_relative_norms_have_another_digit():
    assert written(Measure.RELATIVE, 0.0099, 0.0031) == ("0.31", "% of the base norm")


@pytest.mark.parametrize(
    ("largest", "norm", "shown", "power"),
    [
        (0.0123, 0.0123, "12.3", ", 10⁻³"),
        (0.0077, 0.0077, "7.70", ", 10⁻³"),
        (0.00031, 0.00031, "310", ", 10⁻⁶"),
        (0.5, 0.25, "0.25", ""),
        (31.0, 2.5, "2.5", ""),
        (310.0, 310.0, "310", ""),
        (31_000.0, 31_000.0, "31.0", ", 10³"),
        (0.0, 0.0, "0.00", ""),
    ],
)
def test_rms_has_about_three_digits_in_steps_of_a_thousand(largest, norm, shown, power):
    assert written(Measure.RMS, largest, norm) == (shown, f"RMS update{power}")


def test_row_normalised_norms_carry_their_sign():
    assert written(Measure.ROW, 2.0, 0.5) == ("+50", "% above the tasks' mean")
    assert written(Measure.ROW, 2.0, -0.5)[0] == "−50"


def test_missing_norm_is_a_dash():
    assert Unit(1.0, "").written(math.nan) == "–"


@pytest.mark.parametrize(
    ("measure", "norm", "words"),
    [
        (Measure.RELATIVE, 0.031, "3.1\xa0% of its base norm"),
        (Measure.RMS, 0.00123, "0.0012 per weight"),
        (Measure.ABSOLUTE, 1.25, "1.2 in total"),
        (Measure.ROW, 0.5, "50\xa0% above the tasks' mean"),
        (Measure.ROW, -0.5, "50\xa0% below the tasks' mean"),
    ],
)
def test_norm_in_a_sentence_has_its_unit(measure, norm, words):
    assert in_words(measure, norm) == words


def test_several_layers_have_their_base_norm():
    assert in_words(Measure.RELATIVE, 0.031, whose="their") == "3.1\xa0% of their base norm"


def test_number_alone_has_no_more_words():
    assert (number(Measure.RELATIVE, 0.031), number(Measure.RMS, 0.031)) == ("3.1\xa0%", "0.031")
