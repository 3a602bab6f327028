"""TALL masks in one CPU pass: every task's mask, packed, and how many weights each combination keeps."""

import numba
import numpy as np
from numpy.typing import NDArray

from analysis.kernels.tiles import TILE, draw_words, load, redraw_tile
from analysis.kernels.totals import add_up

Weights = NDArray[np.float32]
Numbers = NDArray[np.float64]
Integers = NDArray[np.int64]
Codes = NDArray[np.int32]

MIXED, EQUAL, UNTOUCHED = 0, 1, 2
"""What the signs of a weight's moves are: both, all the same, none."""

_0 = np.float32(0)
_NONE, _UP, _DOWN = np.int32(0), np.int32(1), np.int32(2)


@numba.njit(cache=True, parallel=True, nogil=True)
def count_masks(
    deltas: Weights,
    tau_mtl: Weights,
    offset: int,
    factors: Weights,
    pieces: Integers,
    shares: Integers,
    seed: np.uint32,
    redraws: bool,
    bits: NDArray[np.integer],
    counts: NDArray[np.int32],
    sums: Numbers,
) -> None:
    """Make the masks of some stretches of columns and count them.

    Args:
        deltas: Task vectors, (T, P), T ≤ 12.
        tau_mtl: Multi-task vector from column `offset` on; of length 0 for the sum, made on the way.
        offset: See `tau_mtl`.
        factors: λ of each task, (T,).
        pieces: First column and the one after the last of each stretch, (N, 2).
        shares: Where each core's stretches begin and the last end.
        seed: Of the signs.
        redraws: Whether signs are drawn anew.
        bits: Receives the masks, (P,); of length 0 where nobody wants them.
        counts: Receives weights by the signs of their moves and by the masks that keep them, (N, 3 · 2^T).
        sums: Receives Σ|τ|, |Σ τ| and τ_MTL² by the number of masks that keep a weight, (N, 3, T + 1).
    """
    for share in numba.prange(len(shares) - 1):
        n_tasks = len(deltas)
        tile, words = np.empty((n_tasks, TILE), np.int32), np.empty(TILE, np.uint32)
        merged, total, mass = (
            np.empty(TILE, np.float32),
            np.empty(TILE, np.float32),
            np.empty(TILE, np.float32),
        )
        code, kept, signs = np.empty(TILE, np.int32), np.empty(TILE, np.int32), np.empty(TILE, np.int32)
        for k in range(shares[share], shares[share + 1]):
            for start in range(pieces[k, 0], pieces[k, 1], TILE):
                n = min(TILE, pieces[k, 1] - start)
                for t in range(n_tasks):
                    load(deltas[t].view(np.int32), start, start + n, tile[t])
                if redraws:
                    draw_words(start, seed, words)
                    for t in range(n_tasks):
                        redraw_tile(tile[t], words, t)
                values = tile.view(np.float32)
                add_up(values, n_tasks, total)
                if len(tau_mtl):
                    merged[:n] = tau_mtl[start - offset : start - offset + n]
                    merged[n:] = _0
                    _make(values, merged, factors, n_tasks, code, kept, signs, mass)
                    _sum_up(kept, mass, total, merged, sums[k])
                else:
                    _make(values, total, factors, n_tasks, code, kept, signs, mass)
                    _sum_up(kept, mass, total, total, sums[k])
                if len(bits):
                    for i in range(n):
                        bits[start + i] = code[i]
                _add_signs(signs, n_tasks, code)
                for i in range(n):
                    counts[k, code[i]] += 1


@numba.njit(cache=True, nogil=True)
def _make(
    tile: Weights,
    merged: Weights,
    factors: Weights,
    n_tasks: int,
    code: Codes,
    kept: Codes,
    signs: Codes,
    mass: Weights,
) -> None:
    """Each column's masks as bits, how many they are, which signs its moves have, and Σ|τ|."""
    code[:], kept[:], signs[:], mass[:] = _NONE, _NONE, _NONE, _0
    for t in range(n_tasks):
        _add_mask(tile[t], merged, factors[t], np.int32(1 << t), code)
        _add_move(tile[t], signs, mass)
    for t in range(n_tasks):
        for i in range(np.uint64(TILE)):
            kept[i] += (code[i] >> np.int32(t)) & np.int32(1)


# Few arrays a loop: with more of them the compiler gives up on vector code.
@numba.njit(cache=True, nogil=True)
def _add_mask(row: Weights, merged: Weights, factor: np.float32, bit: np.int32, code: Codes) -> None:
    for i in range(np.uint64(TILE)):
        code[i] |= bit if abs(row[i]) > factor * abs(merged[i] - row[i]) else _NONE


@numba.njit(cache=True, nogil=True)
def _add_move(row: Weights, signs: Codes, mass: Weights) -> None:
    for i in range(np.uint64(TILE)):
        signs[i] |= _UP if row[i] > _0 else (_DOWN if row[i] < _0 else _NONE)
        mass[i] += abs(row[i])


@numba.njit(cache=True, nogil=True)
def _add_signs(signs: Codes, n_tasks: int, code: Codes) -> None:
    """Put what the signs of the moves are behind the masks' bits."""
    mixed, equal, untouched = MIXED << n_tasks, EQUAL << n_tasks, UNTOUCHED << n_tasks
    for i in range(np.uint64(TILE)):
        code[i] |= np.int32(untouched if signs[i] == 0 else mixed if signs[i] == 3 else equal)


@numba.njit(cache=True, nogil=True, fastmath={"reassoc"})
def _sum_up(kept: Codes, mass: Weights, total: Weights, merged: Weights, sums: Numbers) -> None:
    """Add Σ|τ|, |Στ| and τ_MTL² to the sums of as many masks as keep each column."""
    for k in range(sums.shape[1]):
        a = b = c = _0  # over a tile alone, so that many short sums run side by side
        for i in range(np.uint64(TILE)):
            here = kept[i] == k
            a += mass[i] if here else _0
            b += abs(total[i]) if here else _0
            c += merged[i] * merged[i] if here else _0
        sums[0, k] += float(a)
        sums[1, k] += float(b)
        sums[2, k] += float(c)
