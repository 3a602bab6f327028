"""TIES in one pass over memory for more tasks than registers hold: by tiles that stay in the cache."""

import numba
import numpy as np

from analysis.arrays import Integers, Weights
from analysis.kernels.chunks import CHUNK, n_chunks
from analysis.kernels.scale import add_scaled

_TILE = 4096
_0 = np.float32(0)
_1 = np.float32(1)


@numba.njit(cache=True, parallel=True, nogil=True)
def write_ties_of_many(
    deltas: Weights,
    rows: Integers,
    weights: Weights,
    thresholds: Weights,
    cancelled: np.float32,
    vote: np.float32,
    is_max: bool,
    theta_0: Weights,
    scaling: np.float32,
    tau_mtl: Weights,
    theta: Weights,
) -> tuple[int, int]:
    """What `write_ties` does, for any number of rows of `deltas`, (T, n)."""
    tally = 0
    n_cancelled = 0
    for k in numba.prange(n_chunks(theta.size)):
        chunk_stop = min((k + 1) * CHUNK, theta.size)
        tiles = np.empty((4, _TILE), np.float32)
        for start in range(k * CHUNK, chunk_stop, _TILE):
            stop = min(start + _TILE, chunk_stop)
            tiles[:] = _0
            total, mass = tiles[0, : stop - start], tiles[1, : stop - start]
            for j in range(rows.size):
                _weigh(deltas[rows[j], start:stop], weights[j], thresholds[j], total, mass)
            elected, zeros = _elect(total, mass, cancelled)
            tally += elected
            n_cancelled += zeros
            agreeing, votes = tiles[2, : stop - start], tiles[3, : stop - start]
            for j in range(rows.size):
                row = deltas[rows[j], start:stop]
                if is_max:
                    _agree_by_max(row, weights[j], thresholds[j], total, agreeing)
                else:
                    _agree_by_sum(row, weights[j], thresholds[j], vote, total, agreeing, votes)
            _settle(total, agreeing, votes, tau_mtl[start:stop])
            add_scaled(theta_0[start:stop], scaling, tau_mtl[start:stop], theta[start:stop])
    return tally, n_cancelled


@numba.njit(cache=True, nogil=True)
def _weigh(row: Weights, weight: np.float32, threshold: np.float32, total: Weights, mass: Weights) -> None:
    for i in range(row.size):
        kept = weight * row[i] if abs(row[i]) >= threshold else _0
        total[i] += kept
        mass[i] += abs(kept)


@numba.njit(cache=True, nogil=True)
def _elect(total: Weights, mass: Weights, cancelled: np.float32) -> tuple[int, int]:
    tally = np.int32(0)  # as wide as the weights, as in `write_ties`
    n_cancelled = np.int32(0)
    for i in range(total.size):
        sum_here = total[i]
        tally = np.int32(tally + np.int32(sum_here > _0) - np.int32(sum_here < _0))
        n_cancelled = np.int32(n_cancelled + np.int32((sum_here == _0) & (mass[i] > _0)))
        total[i] = _1 if sum_here > _0 else (-_1 if sum_here < _0 else cancelled)
    return int(tally), int(n_cancelled)


@numba.njit(cache=True, nogil=True)
def _agree_by_sum(
    row: Weights,
    weight: np.float32,
    threshold: np.float32,
    vote: np.float32,
    sign: Weights,
    agreeing: Weights,
    votes: Weights,
) -> None:
    for i in range(row.size):
        along = sign[i] * (weight * row[i] if abs(row[i]) >= threshold else _0)
        agreeing[i] += along if along > _0 else _0
        votes[i] += vote if along > _0 else _0


@numba.njit(cache=True, nogil=True)
def _agree_by_max(
    row: Weights, weight: np.float32, threshold: np.float32, sign: Weights, largest: Weights
) -> None:
    for i in range(row.size):
        along = sign[i] * (weight * row[i] if abs(row[i]) >= threshold else _0)
        largest[i] = max(along, largest[i])


@numba.njit(cache=True, nogil=True)
def _settle(sign: Weights, agreeing: Weights, votes: Weights, tau_mtl: Weights) -> None:
    for i in range(sign.size):
        n_votes = votes[i]
        tau_mtl[i] = sign[i] * (agreeing[i] / (n_votes if n_votes > _1 else _1)) + _0
