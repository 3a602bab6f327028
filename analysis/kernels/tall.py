"""TALL masks in one CPU pass: every task's mask, packed, and how many weights each combination keeps."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Codes, Integers, Numbers, Weights
from analysis.kernels.elections import Election
from analysis.kernels.mask_planes import PLANE, count_pairs
from analysis.kernels.pieces import add_pieces, launches
from analysis.kernels.row_groups import (
    Groups,
    Updates,
    add_up_and_look,
    load_redrawn,
    make_masks,
    merge_by_ties,
)
from analysis.kernels.tiles import TILE, draw_words

UNTOUCHED, DOWN, UP, MIXED = range(4)
"""Signs of a weight's updates: none, all −, all +, both."""

_0 = np.float32(0)
_NOTHING = np.zeros(0, np.uint8)
_LANES = 4  # histograms filled in turns: adding twice to one bin makes the second addition wait


class Counted(NamedTuple):
    """What one pass counts, one row per segment."""

    counts: Integers
    """Weights by the masks that keep them, or how many do; and by what their signs are, (S, …, 4)."""
    pairs: Integers
    """Weights that two masks keep, and in the last row one alone, (S, T + 1, T); 0 if counted by pattern."""
    sums: Numbers
    """Σ|τ|, |Σ τ| and τ_MTL² by the number of masks that keep a weight, (S, 3, T + 1)."""


def count_masks(
    updates: Updates,
    bounds: Sequence[tuple[int, int]],
    *,
    by_pattern: bool,
    bits: NDArray[np.integer] | None,
    check: Callable[[], None],
) -> Counted:
    """Make the masks of every segment and count them.

    Args:
        updates: The task vectors, with λ, and with thresholds for TIES.
        bounds: Columns of each segment, [start, stop).
        by_pattern: Count combinations of masks; otherwise how many masks, and pairs of them.
        bits: Receives the masks, (P,).
        check: Called every some tens of milliseconds; raises to stop.
    """
    n_tasks = len(updates.deltas)
    n_bins = 4 << n_tasks if by_pattern else 4 * (n_tasks + 1)
    found = Counted(
        np.zeros((len(bounds), n_bins), np.int64),
        np.zeros((len(bounds), n_tasks + 1, n_tasks), np.int64),
        np.zeros((len(bounds), 3, n_tasks + 1)),
    )
    election = Election(len(bounds))
    for chosen in election.rounds():
        found.counts[chosen], found.pairs[chosen], found.sums[chosen] = 0, 0, 0.0
        for place, pieces, shares in launches([bounds[segment] for segment in chosen], n_tasks):
            check()
            part = Counted(
                np.zeros((len(pieces), n_bins), np.int64),
                np.zeros((len(pieces), n_tasks + 1, n_tasks), np.int64),
                np.zeros((len(pieces), 3, n_tasks + 1)),
            )
            elected = np.zeros((len(pieces), 2), np.int64)
            _count_pieces(
                *updates,
                by_pattern,
                election.cancelled,
                pieces,
                shares,
                _NOTHING if bits is None else bits,
                part.counts,
                part.pairs,
                part.sums,
                elected,
            )
            segments = chosen[place]
            add_pieces(found.counts, segments, part.counts)
            add_pieces(found.pairs, segments, part.pairs)
            add_pieces(found.sums, segments, part.sums)
            election.count(segments, elected)
    return found


@numba.njit(cache=True, parallel=True, nogil=True)
def _count_pieces(
    deltas: Weights,
    groups: Groups,
    is_ties: bool,
    redraws: bool,
    seed: np.uint32,
    by_pattern: bool,
    cancelled: np.float32,
    pieces: Integers,
    shares: Integers,
    bits: NDArray[np.integer],
    counts: Integers,
    pairs: Integers,
    sums: Numbers,
    elected: Integers,
) -> None:
    """Make the masks of some pieces of segments and count them.

    Args:
        deltas: This and the next four: the fields of `Updates`.
        groups: Rows, λ and thresholds.
        is_ties: Whether the multi-task vector is TIES.
        redraws: Whether signs are random.
        seed: What they are drawn from.
        by_pattern: Count combinations of masks; otherwise how many masks, and pairs of them.
        cancelled: Sign TIES takes where updates cancel exactly.
        pieces: First column and the one after the last of each piece, (N, 2).
        shares: Where each core's pieces begin and the last end.
        bits: Receives the masks, (P,); of length 0 where they are not wanted.
        counts: Receives weights by masks, times 4, and what their signs are, (N, bins).
        pairs: Receives weights that two masks keep, (N, T + 1, T); see `Counted`.
        sums: Receives Σ|τ|, |Σ τ| and τ_MTL² by the number of masks that keep a weight, (N, 3, T + 1).
        elected: Receives weights TIES elects + less those it elects −, and those that cancel, (N, 2).
    """
    for share in numba.prange(len(shares) - 1):
        n_tasks = len(deltas)
        words = np.empty(TILE, np.uint32)
        tile = np.empty((n_tasks if redraws else 0, TILE), np.float32)
        scratch = np.empty((6, TILE), np.float32)
        codes, planes = np.empty((2, TILE), np.int32), np.empty((n_tasks + 2, PLANE), np.uint32)
        lanes = np.zeros((_LANES, counts.shape[1]), np.int32)
        for k in range(shares[share], shares[share + 1]):
            for start in range(pieces[k, 0], pieces[k, 1], TILE):
                n = min(TILE, pieces[k, 1] - start)
                source, at = deltas, start
                if redraws:
                    draw_words(start, seed, words)
                    load_redrawn(deltas, start, n, words, tile)
                    source, at = tile, 0
                total, mass = scratch[0, :n], scratch[1, :n]
                most, least = scratch[2, :n], scratch[3, :n]
                add_up_and_look(source, at, groups, total, mass, most, least)
                merged = total
                if is_ties:
                    merged = scratch[4, :n]
                    # `code` and `count` are not made yet, so their memory is free.
                    other, spare = scratch[5, :n], codes[0, :n].view(np.float32)
                    tally, n_cancelled = merge_by_ties(source, at, groups, cancelled, merged, other, spare)
                    elected[k, 0] += tally
                    elected[k, 1] += n_cancelled
                code, count = codes[0, :n], codes[1, :n]
                make_masks(source, at, groups, merged, code, count)
                if len(bits):
                    _store(code, bits[start : start + n])
                _sum_up(count, mass, total, merged, sums[k])
                if by_pattern:
                    _tally(code, most, least, lanes)
                else:
                    count_pairs(codes[0], n, planes, pairs[k])
                    _tally(count, most, least, lanes)
            for lane in range(_LANES):
                for i in range(np.uint64(counts.shape[1])):
                    counts[k, i] += lanes[lane, i]
            lanes[:] = np.int32(0)


@numba.njit(cache=True, nogil=True)
def _store(code: Codes, bits: NDArray[np.integer]) -> None:
    for i in range(np.uint64(code.size)):
        bits[i] = np.uint32(code[i])  # no sign: the highest bit is a mask too


@numba.njit(cache=True, nogil=True)
def _tally(value: Codes, most: Weights, least: Weights, lanes: Codes) -> None:
    """Count columns by a number and the signs of their updates."""
    for i in range(np.uint64(value.size)):
        signs = np.int32(np.int32(np.int32(most[i] > _0) << np.int32(1)) | np.int32(least[i] < _0))
        value[i] = np.int32(np.int32(value[i] << np.int32(2)) | signs)
    for i in range(np.uint64(value.size)):
        lanes[i & np.uint64(_LANES - 1), np.uint32(value[i])] += np.int32(1)


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "nsz"})
def _sum_up(count: Codes, mass: Weights, total: Weights, merged: Weights, sums: Numbers) -> None:
    """Add Σ|τ|, |Στ| and τ_MTL² to the sums of as many masks as keep each column."""
    for k in range(sums.shape[1]):
        a = b = c = _0  # over a tile alone, so that many short sums run side by side
        for i in range(np.uint64(count.size)):
            here = count[i] == np.int32(k)
            a += mass[i] if here else _0
            b += abs(total[i]) if here else _0
            c += merged[i] * merged[i] if here else _0
        sums[0, k] += float(a)
        sums[1, k] += float(b)
        sums[2, k] += float(c)
