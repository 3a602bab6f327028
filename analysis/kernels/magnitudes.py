"""Magnitudes of a tile: their sums, the largest, and how many lie in each half power of two."""

import numba
import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Bits, Bytes, Numbers, Weights
from analysis.kernels.tiles import MAGNITUDE, TILE

BINS = 96
"""Bins of magnitudes: two for each power of two from 2^LOWEST; the outer two hold what lies beyond."""

LOWEST = -40
"""Exponent at which the bins begin."""

LANES = 4
"""Neighbours are counted apart, since adding twice to one bin makes the second wait for the first."""

_FIRST = np.int32(2 * (127 + LOWEST))  # exponent and first bit behind the point of the lowest bin
_LAST = np.int32(BINS - 1)
_0 = np.int32(0)
_1 = np.int32(1)


@numba.njit(cache=True, nogil=True)
def make_positive(tile: Bits, largest: Bits, bins: Bytes) -> None:
    """Drop the signs of a tile; raise each row's largest bits, (T,); write each weight's bin, (T, TILE)."""
    for t in range(np.uint64(largest.size)):
        found = _0
        for i in range(np.uint64(TILE)):
            magnitude = tile[t, i] & MAGNITUDE
            tile[t, i] = magnitude
            found = max(found, magnitude)
            bins[t, i] = np.uint8(max(_0, min((magnitude >> np.int32(22)) - _FIRST, _LAST)))
        largest[t] = max(largest[t], found)


@numba.njit(cache=True, nogil=True, fastmath={"reassoc"})
def add_sums(tile: Weights, l1: Numbers) -> None:
    """Add each row's Σ x, in float64, (T,)."""
    for t in range(np.uint64(l1.size)):
        here = 0.0
        for i in range(np.uint64(TILE)):
            here += float(tile[t, i])
        l1[t] += here


@numba.njit(cache=True, nogil=True)
def count_bins(bins: Bytes, counts: NDArray[np.int32]) -> None:
    """Add one to the count of each weight's bin, (T, LANES, BINS)."""
    for t in range(np.uint64(len(bins))):
        for i in range(np.uint64(0), np.uint64(TILE), np.uint64(LANES)):
            for lane in range(np.uint64(LANES)):
                counts[t, lane, np.uint64(bins[t, i + lane])] += _1
