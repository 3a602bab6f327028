"""Difference of two models' mean loss on the same images.

Sources: Hall, On the removal of skewness by transformation, Journal of the Royal Statistical Society B 54,
1992; Cochran, Sampling Techniques, 3rd edition, 1977, section 2.15 (how many a skewed sample needs).
"""

from dataclasses import dataclass
from math import cbrt, inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

from analysis.errors import AnalysisError, MismatchError

_COCHRAN = 25
"""Times the squared skewness: images from which the tails of a mean's distribution can be trusted."""


@dataclass(frozen=True, slots=True)
class LossChange:
    """Change of a mean loss between two models on the same images, nats."""

    value: float
    low: float
    high: float
    """Ends of the 95 % interval."""
    p_value: float
    """Two-sided, of a change of 0; below 0.05 where the interval leaves 0 out. Of this change alone."""


def paired_loss_change(before: NDArray[np.floating], after: NDArray[np.floating]) -> LossChange:
    """Mean loss after less mean loss before, nats, with the 95 % interval of a mean of paired differences.

    What is hard about an image is the same for both models and drops out. The differences are skewed, a few
    images changing much, so that the interval holds Student's and the one of Hall's transformation, in
    which a skewness of γ is removed; p is the larger of theirs:

        W = mean / sd,  g(W) = W + γ W² / 3 + γ² W³ / 27 + γ / 6n,  √n g(W) ~ t(n − 1)

    With fewer than 25 γ² images a mean on the other side than the tail counts as no significant change: a
    few images as far out as those seen could turn it.

    Args:
        before: Log-probability of the true class, one value per image, (N,), nats, ≤ 0.
        after: The same of the other model, on the same images in the same order, (N,).

    Returns:
        Positive where the loss has grown.

    Raises:
        MismatchError: The two have different numbers of images.
        AnalysisError: There are no images.

    >>> paired_loss_change(np.array([-1.0, -2.0]), np.array([-1.5, -2.5]))
    LossChange(value=0.5, low=0.5, high=0.5, p_value=0.0)
    """
    if before.shape != after.shape:
        raise MismatchError(
            f"A paired difference got {before.size} and {after.size} images; "
            "compare both models on the same ones."
        )
    if not before.size:
        raise AnalysisError("A paired difference got no images; evaluate both models first.")
    change = before.astype(np.float64) - after.astype(np.float64)
    mean, n = float(change.mean()), len(change)
    if n == 1:
        return LossChange(mean, -inf, inf, 1.0)
    deviation = float(change.std(ddof=1))
    if deviation == 0.0:
        return LossChange(mean, mean, mean, float(mean == 0.0))
    skewness = float((((change - mean) / change.std()) ** 3).mean())
    low, high = _interval(mean, deviation, skewness, n)
    if mean * skewness < 0 and n < _COCHRAN * skewness**2:
        return LossChange(mean, min(low, 0.0), max(high, 0.0), 1.0)
    return LossChange(mean, low, high, _p_value(mean / deviation, skewness, n))


def _interval(mean: float, deviation: float, skewness: float, n: int) -> tuple[float, float]:
    reach = float(stdtrit(n - 1, 0.975)) / sqrt(n)
    lowest, highest = _untransformed(reach, skewness, n), _untransformed(-reach, skewness, n)
    return mean - deviation * max(reach, lowest), mean - deviation * min(-reach, highest)


def _untransformed(value: float, skewness: float, n: int) -> float:
    """The W whose g(W) is the value."""
    if abs(skewness) < 1e-6:  # where the difference below loses its digits, and W is the value to six
        return value
    return 3 / skewness * (cbrt(1 + skewness * (value - skewness / (6 * n))) - 1)


def _p_value(ratio: float, skewness: float, n: int) -> float:
    transformed = ratio + skewness * ratio**2 / 3 + skewness**2 * ratio**3 / 27 + skewness / (6 * n)
    nearest = min(abs(ratio), abs(transformed)) if ratio * transformed > 0 else 0.0
    return float(2 * stdtr(n - 1, -sqrt(n) * nearest))
