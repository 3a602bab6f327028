"""The k-th smallest magnitude of a task vector, exactly, reading it once.

A small sample brackets the answer; one pass counts the magnitudes up to the bracket and collects the
few inside; the answer is found among those. Should the sample mislead, a wider bracket follows.
Magnitudes are compared as the integers their bits spell, which have the same order and half the cost.
"""

import math
from collections.abc import Iterator

import numba
import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Bits, Bytes, Integers, Weights

_RUNS = 1 << 14
_RUN = 16  # neighbours sampled together: they share a cache line, so sixteen cost what one costs
_DEVIATIONS = (5.0, 40.0)  # of the sample's rank; 5 miss about once in two million if neighbours differ
_CHUNK = 1 << 17
_CAPACITY = _CHUNK // 32
_TILE = 1 << 11
_MAGNITUDE = np.int32(0x7FFFFFFF)  # every bit but the sign


def smallest_magnitude(tau_t: Weights, ranges: tuple[tuple[int, int], ...], rank: int) -> float:
    """The rank-th smallest |tau_t| over the columns in the ranges, rank counted from 1; weight units."""
    bits = tau_t.view(np.int32)
    chunks = np.array(
        [(at, min(at + _CHUNK, stop)) for start, stop in ranges for at in range(start, stop, _CHUNK)]
    )
    n = sum(stop - start for start, stop in ranges)
    for low, high in _brackets(_sample(bits, ranges, n), rank / n):
        n_up_to_low, n_low, inside = _split(bits, chunks, low, high)
        place = rank - n_up_to_low - 1
        if -n_low <= place < 0:
            return float(low.view(np.float32))
        if 0 <= place < inside.size:
            break
    inside.partition(place)
    return float(inside[place].view(np.float32))


def _sample(bits: Bits, ranges: tuple[tuple[int, int], ...], n: int) -> Bits:
    """Magnitudes of short runs of neighbours, evenly spread."""
    stride = max(_RUN, n // _RUNS)
    parts = []
    for start, stop in ranges:
        rest = stop - (stop - start) % stride
        parts += [bits[start:rest].reshape(-1, stride)[:, :_RUN].ravel(), bits[rest:stop][:_RUN]]
    return np.concatenate(parts) & _MAGNITUDE


def _brackets(sample: Bits, share: float) -> Iterator[tuple[np.int32, np.int32]]:
    """Magnitudes that hold the answer strictly between them or at the lower one: likely, then surely."""
    middle = sample.size * share
    for deviations in _DEVIATIONS:
        margin = 2 + deviations * math.sqrt(middle * (1 - share))
        first, last = math.floor(middle - margin), math.ceil(middle + margin)
        sample.partition((max(first, 0), min(last, sample.size - 1)))
        yield (
            sample[first] if first >= 0 else np.int32(-1),
            sample[last] if last < sample.size else _MAGNITUDE,
        )
    yield np.int32(-1), _MAGNITUDE


def _split(bits: Bits, chunks: Integers, low: np.int32, high: np.int32) -> tuple[int, int, Bits]:
    """How many magnitudes are <= low, how many equal it, and those strictly between low and high."""
    counts = np.zeros((len(chunks), 3), np.int64)
    found = np.empty((len(chunks), _CAPACITY + 1), np.int32)
    _split_chunks(bits, chunks, low, high, found, counts)
    if (fullest := counts[:, 2].max()) > _CAPACITY:
        found = np.empty((len(chunks), fullest + 1), np.int32)
        _split_chunks(bits, chunks, low, high, found, counts)
    inside = np.concatenate([row[:n] for row, n in zip(found, counts[:, 2], strict=True)])
    return int(counts[:, 0].sum()), int(counts[:, 1].sum()), inside


@numba.njit(cache=True, parallel=True, nogil=True)
def _split_chunks(
    bits: Bits, chunks: Integers, low: np.int32, high: np.int32, found: Bits, counts: Integers
) -> None:
    for k in numba.prange(len(chunks)):
        chunk = bits[chunks[k, 0] : chunks[k, 1]]
        flags = np.empty(_TILE, np.uint8)
        hot = np.empty(_TILE // 8, np.uint64)
        n_up_to_low, n_low, n_found = 0, 0, 0
        for start in range(0, chunk.size, _TILE):
            tile = chunk[start : start + _TILE]
            up_to_low, at_low = _flag(tile, low, high, flags)
            n_up_to_low += up_to_low
            n_low += at_low
            n_found = _collect(tile, flags, hot, found[k], n_found)
        counts[k, 0], counts[k, 1], counts[k, 2] = n_up_to_low, n_low, n_found


@numba.njit(cache=True, nogil=True)
def _flag(tile: Bits, low: np.int32, high: np.int32, flags: Bytes) -> tuple[int, int]:
    n_up_to_low = np.int32(0)  # as wide as the magnitudes, for the compiler's sake
    n_low = np.int32(0)
    for i in range(tile.size):
        magnitude = tile[i] & _MAGNITUDE
        flags[i] = (magnitude > low) & (magnitude < high)
        n_up_to_low = np.int32(n_up_to_low + np.int32(magnitude <= low))
        n_low = np.int32(n_low + np.int32(magnitude == low))
    return int(n_up_to_low), int(n_low)


@numba.njit(cache=True, nogil=True)
def _collect(tile: Bits, flags: Bytes, hot: NDArray[np.uint64], found: Bits, n_found: int) -> int:
    """Append what is flagged, without a branch to mispredict; the last place takes what is not wanted."""
    words = flags.view(np.uint64)  # eight flags in one look
    n_words = np.uint64(tile.size // 8)
    n_hot = np.uint64(0)
    for word in range(n_words):
        hot[n_hot] = word
        n_hot += np.uint64(words[word] != 0)
    last = found.size - 1
    for k in range(n_hot):
        for i in range(hot[k] * np.uint64(8), hot[k] * np.uint64(8) + np.uint64(8)):
            found[min(n_found, last)] = tile[i] & _MAGNITUDE
            n_found += flags[i]
    for i in range(n_words * np.uint64(8), np.uint64(tile.size)):
        found[min(n_found, last)] = tile[i] & _MAGNITUDE
        n_found += flags[i]
    return n_found
