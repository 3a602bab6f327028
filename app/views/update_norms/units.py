"""Measures of norms by name, and norms with their unit, in a cell and in a sentence."""

import math
from dataclasses import dataclass

from analysis.weights.norms import Measure
from app.words.numbers import fixed, percent, signed

_DIGITS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


MEASURE_NAMES = {
    Measure.RELATIVE: "relative to θ₀",
    Measure.RMS: "RMS",
    Measure.ABSOLUTE: "absolute",
    Measure.ROW: "relative to the tasks",
}

MEANINGS = {
    Measure.RELATIVE: "√Σ‖τ‖² / √Σ‖θ₀‖² over the weights of a cell.",
    Measure.RMS: "‖τ‖₂ / √n, the update of a typical weight of a cell.",
    Measure.ABSOLUTE: "‖τ‖₂ of a cell, which grows with the number of weights.",
    Measure.ROW: "‖τ‖₂ relative to the tasks' mean in the same layer, so layers of any size can be compared.",
}
"""The numbers of each measure, in one sentence."""


@dataclass(frozen=True, slots=True)
class Unit:
    """Unit of the numbers of one chart."""

    factor: float
    """Multiplies a norm into the number shown."""
    title: str
    """Beside a colour bar or an axis."""
    decimals: int = 1
    is_signed: bool = False

    def written(self, norm: float) -> str:
        """A norm in a cell; a dash where there is none."""
        if math.isnan(norm):
            return "–"
        write = signed if self.is_signed else fixed
        return write(self.factor * norm, self.decimals)


def unit_of(measure: Measure, largest: float) -> Unit:
    """The unit in which the largest norm of a chart has about three digits.

    >>> unit_of(Measure.RMS, 0.0123)
    Unit(factor=1000.0, title='RMS update, 10⁻³', decimals=1, is_signed=False)
    """
    if measure is Measure.ROW:
        return Unit(100.0, "% above the tasks' mean", decimals=0, is_signed=True)
    if measure is Measure.RELATIVE:
        return Unit(100.0, "% of the base norm", decimals=2 if 0 < largest < 0.01 else 1)
    name = "RMS update" if measure is Measure.RMS else "‖τ‖₂"
    exponent = math.floor(math.log10(largest)) if largest > 0 else 0
    if -1 <= exponent <= 2:
        return Unit(1.0, name, decimals=2 - max(exponent, 0))
    shift = 3 * (exponent // 3)  # thousandths and the like, so that neighbouring maps share a unit
    title = f"{name}, 10{str(shift).translate(_DIGITS)}"
    return Unit(float(f"1e{-shift}"), title, decimals=2 - (exponent - shift))


def in_words(measure: Measure, norm: float, *, whose: str = "its") -> str:
    r"""A norm inside a sentence, after "changes by".

    >>> in_words(Measure.RELATIVE, 0.0312)
    '3.1\xa0% of its base norm'
    """
    if measure is Measure.ROW:
        side = "below" if norm < 0 else "above"
        return f"{percent(abs(norm))} {side} the tasks' mean"
    kind = {
        Measure.RELATIVE: f" of {whose} base norm",
        Measure.RMS: " per weight",
        Measure.ABSOLUTE: " in total",
    }
    return number(measure, norm) + kind[measure]


def number(measure: Measure, norm: float) -> str:
    """A norm inside a sentence that names its unit elsewhere."""
    return percent(norm) if measure in (Measure.RELATIVE, Measure.ROW) else f"{norm:.2g}"
