"""Intervals and tests for a measured accuracy, and for a difference of two on the same images.

Sources: Wilson, JASA 22 (1927), for one accuracy; Tango, Statistics in Medicine 17 (1998), for the interval
of a paired difference; Fagerland et al., BMC Medical Research Methodology 13:91 (2013), for the mid-p
McNemar test; Holm, Scandinavian Journal of Statistics 6 (1979), for several tests at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from analysis.arrays import Flags
from analysis.errors import AnalysisError, MismatchError, ParameterRangeError


class Interval(NamedTuple):
    """Ends of a two-sided interval, in the unit of what it surrounds."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """Accuracy of model a minus that of model b, on the same images."""

    difference: float
    """(won - lost) / n, in [-1, 1]."""
    low: float
    """Lower end of Tango's score interval."""
    high: float
    """Upper end of Tango's score interval."""
    p_value: float
    """Two-sided mid-p of McNemar's test, in [0, 1]; not yet adjusted for several tasks, see `holm`."""
    won: int
    """Images only a gets right."""
    lost: int
    """Images only b gets right."""
    n: int
    """Images compared."""


def wilson_interval(correct: int, n: int, confidence: float = 0.95) -> Interval:
    """Wilson score interval of an accuracy; within [0, 1], and all of it when nothing was measured.

    It belongs to one accuracy. Whether two models differ is not a question of two such intervals:
    see `paired_difference`.

    Written out, because it is asked for every class at every slider move: scipy's
    `binomtest(…).proportion_ci(method="wilson")` gives the same to 10⁻¹⁵, a hundred times slower.

    Args:
        correct: Images classified correctly, 0...n.
        n: Images, >= 0.
        confidence: Coverage, in (0, 1).

    Raises:
        ParameterRangeError: ``confidence`` or ``correct`` is outside its range.

    >>> low, high = wilson_interval(9, 10)
    >>> print(f"{low:.3f} {high:.3f}")
    0.596 0.982
    """
    z = _normal_quantile(confidence)
    if not 0 <= correct <= n:
        raise ParameterRangeError(f"{correct} of {n} images are correct; it must lie in [0, {n}].")
    spread = correct * (n - correct) / n if n else 0.0
    centre = (correct + z * z / 2) / (n + z * z)
    half = z * sqrt(spread + z * z / 4) / (n + z * z)
    # The ends are exact there, and rounding must not push them inside.
    low = 0.0 if correct == 0 else centre - half
    high = 1.0 if correct == n else centre + half
    return Interval(low, high)


def paired_difference(correct_a: Flags, correct_b: Flags, confidence: float = 0.95) -> PairedDifference:
    """Accuracy of a minus accuracy of b, with its interval and test, from the same images.

    Only the images on which the two disagree show which is better. The interval is Tango's
    score interval: the differences that a score test would not reject, which at 0 is McNemar's test
    without continuity correction. So it leaves out 0 whenever the mid-p value is below 1 - confidence,
    and seldom otherwise: at 95 %, never when the mid-p value is above 0.0625.

    Args:
        correct_a: Whether a is right, one value per image, (N,).
        correct_b: The same for b, in the same order, (N,).
        confidence: Coverage of the interval, in (0, 1).

    Raises:
        MismatchError: The two have different numbers of images.
        AnalysisError: There are no images.
        ParameterRangeError: ``confidence`` is outside (0, 1).
    """
    if correct_a.shape != correct_b.shape:
        raise MismatchError(
            f"A paired difference got {correct_a.size} and {correct_b.size} images; "
            "compare both models on the same ones."
        )
    won = int(np.count_nonzero(correct_a & ~correct_b))
    lost = int(np.count_nonzero(correct_b & ~correct_a))
    return _difference(won, lost, correct_a.size, confidence)


def holm(p_values: Sequence[float]) -> tuple[float, ...]:
    """p-values adjusted for testing all of them together (Holm), in the order given.

    Calling those below 5 % different gives a false alarm in at most 5 % of such families.

    >>> holm([0.01, 0.04, 0.03])
    (0.03, 0.06, 0.06)
    """
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = largest
    return tuple(adjusted)


def _difference(won: int, lost: int, n: int, confidence: float) -> PairedDifference:
    z = _normal_quantile(confidence)
    if n == 0:
        raise AnalysisError("A paired difference got no images; evaluate both models first.")
    low = -_tango_high(lost, won, n, z)
    high = _tango_high(won, lost, n, z)
    return PairedDifference((won - lost) / n, low, high, _mcnemar_mid_p(won, lost), won, lost, n)


def _normal_quantile(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ParameterRangeError(f"confidence is {confidence:g}; it must lie in (0, 1).")
    return NormalDist().inv_cdf((1 + confidence) / 2)


def _mcnemar_mid_p(won: int, lost: int) -> float:
    """2 P(X < k) + P(X = k) for X ~ Binomial(won + lost, 1/2), k the smaller count."""
    from scipy.special import bdtr  # here: it takes a quarter of a second, and only differences need it

    k, discordant = min(won, lost), won + lost
    below = bdtr(k - 1, discordant, 0.5) if k else 0.0
    return float(below + bdtr(k, discordant, 0.5))


def _tango_high(won: int, lost: int, n: int, z: float) -> float:
    """Largest difference that the score test does not reject."""

    def is_rejected(difference: float) -> bool:
        b = (2 * n - won + lost) * difference - won - lost
        c = -lost * difference * (1 - difference)
        # Share of images only b gets right, most likely if the difference is as supposed.
        share = (sqrt(max(0.0, b * b - 8 * n * c)) - b) / (4 * n)
        variance = n * (2 * share + difference * (1 - difference))
        return (won - lost - n * difference) ** 2 > z * z * variance

    return _boundary(is_rejected, (won - lost) / n, 1.0)


def _boundary(is_rejected: Callable[[float], bool], accepted: float, end: float) -> float:
    for _ in range(50):  # halves an interval of at most 2 to below float64's resolution of a share
        middle = (accepted + end) / 2
        accepted, end = (accepted, middle) if is_rejected(middle) else (middle, end)
    return accepted
