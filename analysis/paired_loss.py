"""Difference of two models' mean loss on the same images."""

from math import sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from analysis.bootstrap import Estimate
from analysis.errors import AnalysisError, MismatchError

_Z = NormalDist().inv_cdf(0.975)


def paired_loss_change(before: NDArray[np.float32], after: NDArray[np.float32]) -> Estimate:
    """Mean loss after less mean loss before, nats, with the 95 % interval of a mean of paired differences.

    The interval is mean ± 1.96 standard errors of the images' differences: what is hard about an image is
    the same for both models and drops out. It wants some dozens of images.

    Args:
        before: Log-probability of the true class, one value an image, (N,), nats, ≤ 0.
        after: The same of the other model, on the same images in the same order, (N,).

    Returns:
        Positive where the loss has grown.

    Raises:
        MismatchError: The two have different numbers of images.
        AnalysisError: There are no images.

    >>> paired_loss_change(np.array([-1.0, -2.0]), np.array([-1.5, -2.5]))
    Estimate(value=0.5, low=0.5, high=0.5)
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
    half = _Z * float(change.std(ddof=1)) / sqrt(n) if n > 1 else float("inf")
    return Estimate(mean, mean - half, mean + half)
