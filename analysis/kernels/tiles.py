"""A few columns of all task vectors at a time, in the nearest cache: loaded, trimmed, given random signs.

A tile holds the bits that spell float32 numbers, rows padded with zeros behind the last column.
"""

import numba
import numpy as np

from analysis.arrays import Bits, Integers, Words

TILE = 1 << 10
"""Columns of a tile."""

MAGNITUDE = np.int32(0x7FFFFFFF)
"""Every bit but the sign; as integers these have the order of the magnitudes they spell."""

_0 = np.int32(0)
_LEAST = np.float32(2.0**-40).view(np.int32)
_MOST = np.float32(2.0**40).view(np.int32)
"""Ends of magnitudes whose squares, and sums of a tile of them, are far from float32's own ends."""

_WORD = np.uint64(0xFFFFFFFF)


@numba.njit(cache=True, nogil=True)
def load(deltas: Bits, start: int, stop: int, tile: Bits) -> bool:
    """Copy the columns [start, stop), at most TILE, into the first T rows.

    Returns:
        Whether float32 can hold the squares of each row's largest weights; of smaller ones in the same row,
        what it cannot hold is less than 2⁻⁶⁰ of these.
    """
    n, first, are_ordinary = np.uint64(stop - start), np.uint64(start), True
    for t in range(np.uint64(len(deltas))):
        largest = _0
        for i in range(n):
            tile[t, i] = deltas[t, first + i]
            largest = max(largest, tile[t, i] & MAGNITUDE)
        for i in range(n, np.uint64(TILE)):
            tile[t, i] = _0
        if largest > _MOST or _0 < largest < _LEAST:
            are_ordinary = False
    return are_ordinary


@numba.njit(cache=True, nogil=True)
def trim_tile(tile: Bits, start: int, threshold: Bits, last_tie: Integers) -> None:
    """Zero all weights that trimming drops: those below the threshold, and those at it after the last tie.

    Args:
        tile: Its columns begin at `start`.
        start: Column of the flat matrix.
        threshold: Bits of each task's threshold, (T,).
        last_tie: Last column kept among those that equal it, (T,).
    """
    for t in range(np.uint64(threshold.size)):
        at = threshold[t]
        n_ties = np.int32(max(min(last_tie[t], start + TILE - 1) - start + 1, 0))
        for i in range(np.uint64(TILE)):
            magnitude = tile[t, i] & MAGNITUDE
            kept = (magnitude > at) | ((magnitude == at) & (np.int32(i) < n_ties))
            tile[t, i] = tile[t, i] if kept else _0


@numba.njit(cache=True, nogil=True)
def draw_words(start: int, seed: np.uint32, words: Words) -> None:
    """The 32-bit hash of each column from `start` on, as `analysis.weights.redraw` draws it."""
    for i in range(np.uint64(words.size)):
        column = np.uint64(start) + i
        low = np.uint32(column & _WORD)
        high = np.uint32(column >> np.uint64(32))
        words[i] = _mixed(np.uint32(_mixed(np.uint32(low ^ seed)) ^ high ^ np.uint32(0x85EBCA6B)))


@numba.njit(cache=True, nogil=True)
def _mixed(word: np.uint32) -> np.uint32:
    word = np.uint32(np.uint32(word ^ np.uint32(word >> np.uint32(16))) * np.uint32(0x85EBCA6B))
    word = np.uint32(np.uint32(word ^ np.uint32(word >> np.uint32(13))) * np.uint32(0xC2B2AE35))
    return np.uint32(word ^ np.uint32(word >> np.uint32(16)))


@numba.njit(cache=True, nogil=True)
def redraw_tile(tile: Bits, start: int, seed: np.uint32, n_tasks: int, words: Words) -> None:
    """Draw every sign at random, as `analysis.weights.redraw` does.

    Args:
        tile: Its columns begin at `start`.
        start: Column of the flat matrix.
        seed: Its word.
        n_tasks: T ≤ 32.
        words: Scratch, (TILE,).
    """
    draw_words(start, seed, words)
    for t in range(np.uint64(n_tasks)):
        bit = np.uint32(t)
        for i in range(np.uint64(TILE)):
            turned = np.uint32(np.uint32(words[i] >> bit) << np.uint32(31))
            tile[t, i] = np.int32(np.uint32(tile[t, i]) ^ turned)
