"""TIES in one pass over memory: trim, weigh, elect, merge, scale, without a temporary."""

import numba
import numpy as np

from analysis.arrays import Weights
from analysis.kernels.chunks import CHUNK, n_chunks

Rows = tuple[Weights, ...]

_0 = np.float32(0)
_1 = np.float32(1)


@numba.njit(cache=True, parallel=True, nogil=True)
def write_ties(
    rows: Rows,
    weights: tuple[np.float32, ...],
    thresholds: tuple[np.float32, ...],
    cancelled: np.float32,
    vote: np.float32,
    is_max: bool,
    theta_0: Weights,
    scaling: np.float32,
    tau_mtl: Weights,
    theta: Weights,
) -> tuple[int, int]:
    """Write tau_mtl and theta for n columns of at most ROWS tasks.

    Args:
        rows: The task vectors, each (n,), `padded`, with weight 0 for the fillers.
        weights: One per task.
        thresholds: Smallest magnitude kept, one per task.
        cancelled: Sign taken where the sum is exactly 0: 1, -1, or 0 to merge nothing.
        vote: 1 to divide by the number of tasks that agree, 0 not to.
        is_max: Take the largest magnitude that agrees, not the sum.
        theta_0: Pre-trained weights, (n,).
        scaling: Factor of tau_mtl.
        tau_mtl: Written, (n,).
        theta: Written, (n,).

    Returns:
        Columns elected positive less columns elected negative, and columns whose kept updates cancel.
    """
    tally = 0
    n_cancelled = 0
    for k in numba.prange(n_chunks(theta.size)):
        start, stop = k * CHUNK, min((k + 1) * CHUNK, theta.size)
        elected, zeros = _write_chunk(
            rows, weights, thresholds, cancelled, vote, is_max, theta_0, scaling, tau_mtl, theta, start, stop
        )
        tally += elected
        n_cancelled += zeros
    return tally, n_cancelled


@numba.njit(cache=True, nogil=True)
def _write_chunk(
    rows: Rows,
    weights: tuple[np.float32, ...],
    thresholds: tuple[np.float32, ...],
    cancelled: np.float32,
    vote: np.float32,
    is_max: bool,
    theta_0: Weights,
    scaling: np.float32,
    tau_mtl: Weights,
    theta: Weights,
    start: int,
    stop: int,
) -> tuple[int, int]:
    tally = np.int32(0)  # as wide as the weights, and kept so: 64-bit counts would halve the speed
    n_cancelled = np.int32(0)
    for i in range(np.uint64(start), np.uint64(stop)):  # unsigned: no test for indices from the end
        total = _0
        mass = _0
        for t in range(len(rows)):
            kept = weights[t] * rows[t][i] if abs(rows[t][i]) >= thresholds[t] else _0
            total += kept
            mass += abs(kept)
        tally = np.int32(tally + np.int32(total > _0) - np.int32(total < _0))
        n_cancelled = np.int32(n_cancelled + np.int32((total == _0) & (mass > _0)))
        sign = _1 if total > _0 else (-_1 if total < _0 else cancelled)
        agreeing = _0
        largest = _0
        votes = _0
        for t in range(len(rows)):
            kept = weights[t] * rows[t][i] if abs(rows[t][i]) >= thresholds[t] else _0
            along = sign * kept
            agreeing += along if along > _0 else _0
            largest = along if along > largest else largest
            votes += vote if along > _0 else _0
        merged = agreeing / (votes if votes > _1 else _1)
        tau = sign * (largest if is_max else merged) + _0  # + 0: no negative zeros
        tau_mtl[i] = tau
        theta[i] = theta_0[i] + scaling * tau
    return int(tally), int(n_cancelled)
