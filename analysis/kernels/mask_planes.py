"""Masks as bits, 32 columns a word: what two of them share is then counted 32 columns at a time."""

import numba
import numpy as np

from analysis.arrays import Codes, Integers, Words
from analysis.kernels.bit_counts import n_ones
from analysis.kernels.tiles import TILE

PLANE = TILE // 32
"""Words of one mask over a tile. Bit k of word w is column k · PLANE + w."""

_NO = np.uint32(0)


@numba.njit(cache=True, nogil=True)
def count_pairs(code: Codes, n: int, planes: Words, pairs: Integers) -> None:
    """Add how many columns any two masks keep, one keeps (on the diagonal), and one keeps alone.

    Args:
        code: Masks of each column as bits, (TILE,); zeroed behind the n-th.
        n: Columns.
        planes: Scratch, (T + 2, PLANE).
        pairs: Added to, (T + 1, T); the last row is for those one mask keeps alone.
    """
    n_tasks = pairs.shape[1]
    code[n:] = np.int32(0)
    kept, alone = planes[n_tasks], planes[n_tasks + 1]
    kept[:], alone[:] = _NO, _NO
    for t in range(n_tasks):
        _take(code, np.int32(t), planes[t])
        _note(planes[t], kept, alone)
    for i in range(n_tasks):
        pairs[n_tasks, i] += _shared(planes[i], alone)
        pairs[i, i] += _shared(planes[i], planes[i])
        for j in range(i):
            n_both = _shared(planes[i], planes[j])
            pairs[i, j] += n_both
            pairs[j, i] += n_both


@numba.njit(cache=True, nogil=True)
def _note(plane: Words, kept: Words, alone: Words) -> None:
    for w in range(np.uint64(PLANE)):
        alone[w] = (alone[w] & ~plane[w]) | (plane[w] & ~kept[w])
        kept[w] |= plane[w]


@numba.njit(cache=True, nogil=True)
def _take(code: Codes, bit: np.int32, plane: Words) -> None:
    plane[:] = _NO
    for k in range(32):
        first = np.uint64(k * PLANE)
        for w in range(np.uint64(PLANE)):
            kept = np.uint32(np.uint32(code[first + w] >> bit) & np.uint32(1))
            plane[w] |= np.uint32(kept << np.uint32(k))


@numba.njit(cache=True, nogil=True)
def _shared(one: Words, other: Words) -> int:
    n_both = _NO  # as wide as the words, for the compiler's sake
    for w in range(np.uint64(PLANE)):
        n_both = np.uint32(n_both + n_ones(np.uint32(one[w] & other[w])))
    return int(n_both)
