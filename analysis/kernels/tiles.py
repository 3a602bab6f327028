"""A few columns of all task vectors at a time, where the nearest cache holds them: trimmed, signs drawn anew.

A tile holds the bits that spell float32 numbers, rows padded with zeros behind the last column.
"""

import numba
import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]
Bits = NDArray[np.int32]
Words = NDArray[np.uint32]

TILE = 1 << 10
"""Columns of a tile."""

MAGNITUDE = np.int32(0x7FFFFFFF)
"""Every bit but the sign; as integers these have the order of the magnitudes they spell."""

_0 = np.int32(0)
_WORD = np.uint64(0xFFFFFFFF)


@numba.njit(cache=True, nogil=True)
def load(row: Bits, start: int, stop: int, tile: Bits) -> None:
    """Copy the columns [start, stop) of a row, at most TILE."""
    for i in range(np.uint64(stop - start)):
        tile[i] = row[np.uint64(start) + i]
    tile[stop - start :] = _0


@numba.njit(cache=True, nogil=True)
def trim_tile(tile: Bits, threshold: np.int32, n_ties: np.int32) -> None:
    """Keep what lies above the threshold's bits, and what equals them in the first columns; zero the rest."""
    for i in range(np.uint32(TILE)):
        magnitude = tile[i] & MAGNITUDE
        kept = (magnitude > threshold) | ((magnitude == threshold) & (np.int32(i) < n_ties))
        tile[i] = tile[i] if kept else _0


@numba.njit(cache=True, nogil=True)
def draw_words(start: int, seed: np.uint32, words: Words) -> None:
    """The 32-bit hash of each column from `start` on, as `analysis.redraw` draws it."""
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
def redraw_tile(tile: Bits, words: Words, bit: int) -> None:
    """Turn the signs where this bit of the column's word is 1."""
    for i in range(np.uint64(TILE)):
        turned = np.uint32(np.uint32(words[i] >> np.uint32(bit)) << np.uint32(31))
        tile[i] = np.int32(np.uint32(tile[i]) ^ turned)


@numba.njit(cache=True, nogil=True)
def make_positive(tile: Bits) -> None:
    """Drop the signs."""
    for i in range(np.uint64(TILE)):
        tile[i] &= MAGNITUDE
