"""Norms of updates, absolute and relative to the weights they started from.

Groups of weights are measured by their sums of squares, so that any two of them can be joined.
"""

from enum import StrEnum

import numpy as np

from analysis.arrays import Flags, Integers, Numbers

TINY = 0.01
"""Base size of a tensor, against the middle tensor's, up to which a relative norm means nothing."""


class Measure(StrEnum):
    """How the length of an update is counted."""

    RELATIVE = "relative"
    """‖τ_t‖₂ / ‖θ_0‖₂."""
    RMS = "rms"
    """‖τ_t‖₂ / √n, the typical update of one weight."""
    ABSOLUTE = "absolute"
    """‖τ_t‖₂, which grows with the number of weights."""
    ROW = "row"
    """‖τ_t‖₂ against its mean over the tasks: 0 is the mean, −1 a task that changed nothing."""


def norms(l2_squared: Numbers, base_l2_squared: Numbers, n: Integers, *, measure: Measure) -> Numbers:
    """The length of each task's update in each group.

    Args:
        l2_squared: Σ τ_t² of each group and task, (G, T), ≥ 0.
        base_l2_squared: Σ θ_0² of each group, (G,), ≥ 0.
        n: Weights in each group, (G,).
        measure: How the length is counted.

    Returns:
        (G, T), in the measure's unit; NaN where a group has no base, no weights, or no task changed it.

    >>> norms(np.array([[9.0, 1.0]]), np.array([100.0]), np.array([4]), measure=Measure.RELATIVE)
    array([[0.3, 0.1]])
    """
    length = np.sqrt(l2_squared)
    if measure is Measure.ABSOLUTE:
        return np.where(n[:, None] > 0, length, np.nan)
    if measure is Measure.ROW:
        return _divided(length, length.mean(axis=1)) - 1.0
    return _divided(length, np.sqrt(n) if measure is Measure.RMS else np.sqrt(base_l2_squared))


def over_tasks(l2_squared: Numbers) -> Numbers:
    """Σ τ² of the average task, (G, T) -> (G,): its norm is the root of the mean square over the tasks."""
    return np.asarray(l2_squared.mean(axis=-1), dtype=np.float64)


def has_tiny_base(base_l2_squared: Numbers, n: Integers) -> Flags:
    """Tensors that started so close to 0 that any update is large against them: biases, mostly.

    Args:
        base_l2_squared: Σ θ_0² of each tensor, (S,).
        n: Weights in each tensor, (S,), > 0.

    Returns:
        (S,), True where √(Σ θ_0² / n) is at most `TINY` times the middle tensor's.
    """
    if not len(n):
        return np.zeros(0, dtype=np.bool_)
    rms = np.sqrt(base_l2_squared / n)
    return np.asarray(rms <= TINY * np.median(rms), dtype=np.bool_)


def _divided(length: Numbers, by: Numbers) -> Numbers:
    return np.divide(length, by[:, None], out=np.full_like(length, np.nan), where=by[:, None] > 0)
