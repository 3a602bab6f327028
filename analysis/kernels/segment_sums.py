"""The sums of `analysis.weights.statistics` in one pass over memory: load a tile, then stage by stage."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numba
import numpy as np

from analysis.arrays import Bits, Bytes, Integers, Numbers, Weights, Words
from analysis.kernels.gram import BLOCK, add_products, add_squared_products
from analysis.kernels.magnitudes import BINS, LANES, add_sums, count_bins, make_positive
from analysis.kernels.pieces import PIECE, add_pieces, launches
from analysis.kernels.sign_planes import WORDS, count_movers, count_pairs, note_signs
from analysis.kernels.tiles import TILE, load, redraw_tile, trim_tile
from analysis.kernels.totals import add_outvoted, add_up, norms, reduce_to_signs

_MOST = PIECE // 32  # words of a piece


class Change(NamedTuple):
    """What is done to the task vectors before anything is summed up."""

    threshold: Bits
    """Bits of the magnitude above which a weight is kept, (T,); (0,) to trim nothing."""
    last_tie: Integers
    """Last column kept among those exactly at the threshold, (T,)."""
    redraws: bool
    """Whether signs are random."""
    seed: np.uint32
    """What they are drawn from."""


class Tally(NamedTuple):
    """Sums of some groups of columns, named as the fields of `analysis.weights.statistics.Sums`."""

    base_l2_squared: Numbers
    l1: Numbers
    max: Numbers
    zeros: Integers
    gram: Numbers
    absolute_gram: Numbers
    squared_gram: Numbers
    agree: Integers
    conflict: Integers
    moved_by: Integers
    unanimous: Integers
    sum_l1: Numbers
    sum_l2_squared: Numbers
    outvoted_l1: Numbers
    histogram: Integers


def segment_sums(
    theta_0: Weights,
    deltas: Weights,
    bounds: Sequence[tuple[int, int]],
    change: Change,
    *,
    check: Callable[[], None],
) -> Tally:
    """Sum up every segment.

    Args:
        theta_0: Pre-trained weights, (P,).
        deltas: Task vectors, (T, P), rows contiguous.
        bounds: Columns of each segment, [start, stop).
        change: Trimming, and random signs.
        check: Called every some tens of milliseconds; raises to stop.
    """
    total = _tally(len(bounds), len(deltas))
    for segments, columns, shares in launches(bounds, len(deltas)):
        check()
        part = _tally(len(segments), len(deltas))
        _sum_pieces(theta_0, deltas.view(np.int32), columns, shares, change, part)
        for name, sums, parts in zip(Tally._fields, total, part, strict=True):
            if name == "max":
                np.maximum.at(sums, segments, parts)
            else:
                add_pieces(sums, segments, parts)
    return total


def _tally(n: int, n_tasks: int) -> Tally:
    by_task, by_pair, by_movers = (n, n_tasks), (n, n_tasks, n_tasks), (n, n_tasks + 1)
    return Tally(
        base_l2_squared=np.zeros(n),
        l1=np.zeros(by_task),
        max=np.zeros(by_task),
        zeros=np.zeros(by_task, np.int64),
        gram=np.zeros(by_pair),
        absolute_gram=np.zeros(by_pair),
        squared_gram=np.zeros(by_pair),
        agree=np.zeros(by_pair, np.int64),
        conflict=np.zeros(by_pair, np.int64),
        moved_by=np.zeros(by_movers, np.int64),
        unanimous=np.zeros(by_movers, np.int64),
        sum_l1=np.zeros(n),
        sum_l2_squared=np.zeros(n),
        outvoted_l1=np.zeros(by_task),
        histogram=np.zeros((*by_task, BINS), np.int64),
    )


class _Scratch(NamedTuple):
    """One core's own memory."""

    tile: Weights  # (T + BLOCK - 1, TILE)
    total: Weights  # (TILE,)
    up: Words  # (T, words of a piece), as are all that hold words
    down: Words
    movers: Words
    words: Words  # (TILE,)
    largest: Bits  # (T,)
    bins: Bytes  # (T, TILE)
    counts: Bits  # (T, LANES, BINS)
    gram: Numbers  # (T + BLOCK - 1, T + BLOCK - 1), as are the next three
    absolute_gram: Numbers
    squared_gram: Numbers
    products: Numbers
    exponents: Integers  # (T,)


@numba.njit(cache=True, nogil=True)
def _scratch(n_tasks: int) -> _Scratch:
    n_digits = 1
    while n_tasks >> n_digits:
        n_digits += 1
    n_rows = n_tasks + BLOCK - 1
    return _Scratch(
        np.zeros((n_rows, TILE), np.float32),
        np.zeros(TILE, np.float32),
        np.zeros((n_tasks, _MOST), np.uint32),
        np.zeros((n_tasks, _MOST), np.uint32),
        np.zeros((n_digits + 4, _MOST), np.uint32),
        np.zeros(TILE, np.uint32),
        np.zeros(n_tasks, np.int32),
        np.zeros((n_tasks, TILE), np.uint8),
        np.zeros((n_tasks, LANES, BINS), np.int32),
        np.zeros((n_rows, n_rows)),
        np.zeros((n_rows, n_rows)),
        np.zeros((n_rows, n_rows)),
        np.zeros((n_rows, n_rows)),
        np.zeros(n_tasks, np.int64),
    )


@numba.njit(cache=True, parallel=True, nogil=True)
def _sum_pieces(
    theta_0: Weights, deltas: Bits, columns: Integers, shares: Integers, change: Change, tally: Tally
) -> None:
    for share in numba.prange(len(shares) - 1):
        scratch = _scratch(len(deltas))
        for piece in range(shares[share], shares[share + 1]):
            start, stop = columns[piece, 0], columns[piece, 1]
            _sum_piece(theta_0, deltas, start, stop, change, scratch, tally, piece)


@numba.njit(cache=True, nogil=True)
def _sum_piece(
    theta_0: Weights,
    deltas: Bits,
    start: int,
    stop: int,
    change: Change,
    scratch: _Scratch,
    tally: Tally,
    piece: int,
) -> None:
    scratch.largest[:] = 0
    scratch.counts[:] = 0
    scratch.gram[:] = 0
    scratch.absolute_gram[:] = 0
    scratch.squared_gram[:] = 0
    n_tasks, n_tiles = len(deltas), 0
    for first in range(start, stop, TILE):
        are_ordinary = _load_tile(deltas, first, min(first + TILE, stop), change, scratch)
        _sum_tile(scratch, are_ordinary, n_tiles * WORDS, tally, piece)
        n_tiles += 1
    tally.base_l2_squared[piece] = norms(theta_0[start:stop])[1]
    n_words, n_columns = n_tiles * WORDS, stop - start
    count_pairs(scratch.up, scratch.down, n_words, tally.agree[piece], tally.conflict[piece])
    moved_by, unanimous = tally.moved_by[piece], tally.unanimous[piece]
    count_movers(scratch.up, scratch.down, n_words, n_columns, scratch.movers, moved_by, unanimous)
    for i in range(n_tasks):
        n_moved = tally.agree[piece, i, i]
        tally.max[piece, i] = scratch.largest.view(np.float32)[i]
        tally.zeros[piece, i] = n_columns - n_moved
        for lane in range(LANES):
            tally.histogram[piece, i] += scratch.counts[i, lane]
        tally.histogram[piece, i, 0] -= n_tiles * TILE - n_moved
        for j in range(i, n_tasks):
            tally.gram[piece, i, j] = tally.gram[piece, j, i] = scratch.gram[i, j]
            absolute = scratch.absolute_gram[i, j]
            tally.absolute_gram[piece, i, j] = tally.absolute_gram[piece, j, i] = absolute
            squared = scratch.squared_gram[i, j]
            tally.squared_gram[piece, i, j] = tally.squared_gram[piece, j, i] = squared


@numba.njit(cache=True, nogil=True)
def _load_tile(deltas: Bits, first: int, stop: int, change: Change, scratch: _Scratch) -> bool:
    bits = scratch.tile.view(np.int32)
    are_ordinary = load(deltas, first, stop, bits)
    if change.threshold.size:
        trim_tile(bits, first, change.threshold, change.last_tie)
    if change.redraws:
        redraw_tile(bits, first, change.seed, len(deltas), scratch.words)
    return are_ordinary  # trimming keeps the largest, or nothing


@numba.njit(cache=True, nogil=True)
def _sum_tile(scratch: _Scratch, are_ordinary: bool, first_word: int, tally: Tally, piece: int) -> None:
    tile, bits, total, n_tasks = scratch.tile, scratch.tile.view(np.int32), scratch.total, len(scratch.up)
    add_up(tile, n_tasks, total)
    l1, l2_squared = norms(total)
    tally.sum_l1[piece] += l1
    tally.sum_l2_squared[piece] += l2_squared
    reduce_to_signs(total)
    add_outvoted(tile, total, tally.outvoted_l1[piece])
    note_signs(bits, first_word, scratch.up, scratch.down)
    add_products(tile, n_tasks, are_ordinary, scratch.gram)
    make_positive(bits, scratch.largest, scratch.bins)  # from here on the tile holds magnitudes
    add_sums(tile, tally.l1[piece])
    count_bins(scratch.bins, scratch.counts)
    add_products(tile, n_tasks, are_ordinary, scratch.absolute_gram)
    add_squared_products(tile, n_tasks, scratch.products, scratch.exponents, scratch.squared_gram)
