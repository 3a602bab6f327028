"""The k-th smallest magnitude of a task vector, exactly, reading it once.

A small sample brackets the answer; one pass counts the magnitudes below the bracket and collects the
few inside; the answer is found among those. Should the sample mislead, everything is collected.
"""

import math

import numba
import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]

_SAMPLE = 1 << 18
_DEVIATIONS = 5.0  # of the sample's rank: misses about once in two million
_CHUNK = 1 << 17
_CAPACITY = _CHUNK // 8
_TILE = 2048


def smallest_magnitude(tau_t: Weights, ranges: tuple[tuple[int, int], ...], rank: int) -> float:
    """The rank-th smallest |tau_t| over the columns in the ranges, rank counted from 1; weight units."""
    parts = [tau_t[start:stop] for start, stop in ranges if start < stop]
    low, high = _bracket(parts, rank)
    n_up_to_low, n_low, inside = 0, 0, []
    for part in parts:
        found = np.empty((math.ceil(part.size / _CHUNK), _CAPACITY + 8), np.float32)
        counts = np.empty((len(found), 3), np.int64)
        _split(part, low, high, found, counts)
        if (counts[:, 2] >= _CAPACITY).any():
            return _among_all(parts, rank)
        n_up_to_low += int(counts[:, 0].sum())
        n_low += int(counts[:, 1].sum())
        inside += [row[:count] for row, count in zip(found, counts[:, 2], strict=True)]
    if n_up_to_low - n_low < rank <= n_up_to_low:
        return float(low)
    candidates = np.concatenate(inside)
    place = rank - n_up_to_low - 1
    if 0 <= place < candidates.size:
        return float(np.partition(candidates, place)[place])
    return _among_all(parts, rank)


def _bracket(parts: list[Weights], rank: int) -> tuple[np.float32, np.float32]:
    """Magnitudes of the sample far enough apart to hold the answer between them, almost surely."""
    n = sum(part.size for part in parts)
    stride = max(1, n // _SAMPLE)
    sample = np.abs(np.concatenate([part[::stride] for part in parts]))
    middle = sample.size * rank / n
    margin = 2 + len(parts) + _DEVIATIONS * math.sqrt(middle * max(0.0, 1 - rank / n))
    first, last = math.floor(middle - margin), math.ceil(middle + margin)
    inner = [place for place in (first, last) if 0 <= place < sample.size]
    sample.partition(inner or [0])
    low = sample[first] if first >= 0 else np.float32(-1)
    return low, sample[last] if last < sample.size else np.float32(np.inf)


def _among_all(parts: list[Weights], rank: int) -> float:
    return float(np.partition(np.abs(np.concatenate(parts)), rank - 1)[rank - 1])


@numba.njit(cache=True, parallel=True, nogil=True)
def _split(
    part: Weights, low: np.float32, high: np.float32, found: Weights, counts: NDArray[np.int64]
) -> None:
    """Per chunk: how many are <= low, how many equal it, and those strictly between low and high."""
    for k in numba.prange(len(found)):
        chunk = part[k * _CHUNK : (k + 1) * _CHUNK]
        flags = np.zeros(_TILE, np.uint8)
        n_up_to_low, n_low, n_found = 0, 0, 0
        for start in range(0, chunk.size, _TILE):
            tile = chunk[start : start + _TILE]
            up_to_low, at_low = _flag(tile, low, high, flags)
            n_up_to_low += up_to_low
            n_low += at_low
            n_found = _collect(tile, flags, found[k], n_found)
        counts[k, 0], counts[k, 1], counts[k, 2] = n_up_to_low, n_low, n_found


@numba.njit(cache=True, nogil=True)
def _flag(tile: Weights, low: np.float32, high: np.float32, flags: NDArray[np.uint8]) -> tuple[int, int]:
    n_up_to_low = 0
    n_low = 0
    flags[tile.size :] = 0
    for i in range(tile.size):
        flags[i] = (abs(tile[i]) > low) & (abs(tile[i]) < high)
        n_up_to_low += 1 if abs(tile[i]) <= low else 0
        n_low += 1 if abs(tile[i]) == low else 0
    return n_up_to_low, n_low


@numba.njit(cache=True, nogil=True)
def _collect(tile: Weights, flags: NDArray[np.uint8], found: Weights, n_found: int) -> int:
    """Eight flags are one word, so the many weights with nothing inside near them are passed over fast."""
    words = flags.view(np.uint64)
    for word in range(words.size):
        if words[word] != 0 and n_found < _CAPACITY:
            for i in range(word * 8, word * 8 + 8):
                if flags[i] != 0:
                    found[n_found] = abs(tile[i])
                    n_found += 1
    return min(n_found, _CAPACITY)
