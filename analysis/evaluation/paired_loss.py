"""Difference of two models' mean loss on the same images."""

from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from analysis.errors import AnalysisError, MismatchError

_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(0.975)


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

    The interval is mean ± 1.96 standard errors of the images' differences: what is hard about an image is
    the same for both models and drops out. It wants some dozens of images.

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
    error = float(change.std(ddof=1)) / sqrt(n) if n > 1 else inf
    return LossChange(mean, mean - _Z * error, mean + _Z * error, _p_value(mean, error))


def _p_value(mean: float, error: float) -> float:
    if mean == 0.0:
        return 1.0
    return 2 * _NORMAL.cdf(-abs(mean) / error) if error else 0.0
