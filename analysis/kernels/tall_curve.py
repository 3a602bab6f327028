"""TALL masks at many λ in one CPU pass: the largest λ at which a mask keeps a weight decides for all of them.

    m_t(λ) = |τ_t| > λ · |τ_MTL − τ_t|,  so up to about λ = |τ_t| / |τ_MTL − τ_t|

The quotient is looked up in a table of narrow cells. In a cell that holds one of the λ, rounding could
decide, so there the comparison itself is made: the counts are those of the masks, to the last weight.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Bytes, Integers, Weights
from analysis.kernels.elections import Election
from analysis.kernels.pieces import add_pieces, launches
from analysis.kernels.row_groups import Groups, Updates, add_up, load_redrawn, merge_by_ties
from analysis.kernels.tiles import TILE, draw_words

MOST_STOPS = 200
"""λ one pass takes at most: how many of them keep a weight is a byte."""

_CELLS = 1 << 14
_ZERO, _SMALL, _FIRST = (
    0,
    1,
    2,
)  # cells of updates that are 0, of products near underflow, of quotients from 0
_UNSURE = np.uint8(255)
_LANES = 4  # histograms filled in turns: adding twice to one bin makes the second addition wait
_SLACK = 2.0**-18  # many times what rounding changes a quotient by
_0 = np.float32(0)


class Table(NamedTuple):
    """How many λ keep a weight, by its quotient's cell."""

    stops: Weights
    """λ, ascending, (N,)."""
    scale: np.float32
    """Cells a unit of the quotient."""
    small: np.float32
    """Denominators below this may underflow when multiplied by λ."""
    n_kept: Bytes
    """λ that keep a weight of a cell, (cells,), or that it must be compared."""
    n_surely: Bytes
    """λ that need not be compared, (cells,)."""


def count_curve(
    updates: Updates,
    bounds: Sequence[tuple[int, int]],
    stops: Weights,
    *,
    check: Callable[[], None],
) -> tuple[Integers, Integers]:
    """Count the weights that each mask keeps, and that k masks keep, at every λ.

    Args:
        updates: The task vectors, with thresholds for TIES.
        bounds: Columns of each segment, [start, stop).
        stops: λ, ascending, (N,), N ≤ MOST_STOPS.
        check: Called every some tens of milliseconds; raises to stop.

    Returns:
        Weights kept, (N, T), and weights kept by 0 … T masks, (N, T + 1).
    """
    n_tasks, table = len(updates.deltas), _table(stops)
    exchanges = _sorting_network(n_tasks)
    # Rows 0 … T − 1 count how many λ keep a weight of that task, the others the same sorted, largest first.
    shape = 2 * n_tasks, len(stops) + 1
    total = np.zeros((len(bounds), *shape), np.int64)
    election = Election(len(bounds))
    for chosen in election.rounds():
        total[chosen] = 0
        for place, pieces, shares in launches([bounds[segment] for segment in chosen], n_tasks):
            check()
            part = np.zeros((len(pieces), *shape), np.int64)
            elected = np.zeros((len(pieces), 2), np.int64)
            _count_pieces(
                *updates,
                table,
                exchanges,
                election.cancelled,
                pieces,
                shares,
                part,
                elected,
            )
            add_pieces(total, chosen[place], part)
            election.count(chosen[place], elected)
    # A weight that m of the λ keep is kept at the first m stops.
    at_least = total.sum(axis=0)[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:].T  # (N, 2 T)
    n_weights = sum(stop - start for start, stop in bounds)
    by_at_least = np.column_stack(
        [np.full(len(stops), n_weights), at_least[:, n_tasks:], np.zeros(len(stops), np.int64)]
    )
    return at_least[:, :n_tasks].copy(), -np.diff(by_at_least, axis=1)


def _table(stops: Weights) -> Table:
    most, cells = float(stops.max(initial=0)), np.arange(_CELLS)
    scale = np.float32((_CELLS - _FIRST - 2) / most if most > 0 else 1)
    low = (cells - _FIRST) / float(scale) * (1 - _SLACK)
    high = (cells - _FIRST + 1) / float(scale) * (1 + _SLACK)
    high[-1] = np.inf
    wide = stops.astype(np.float64)
    n_surely = np.searchsorted(wide, low)
    n_possibly = np.searchsorted(wide, high, side="right")
    n_surely = np.maximum(n_surely, np.searchsorted(wide, 0, side="right"))  # |τ| > 0 is all that λ = 0 asks
    n_surely[_SMALL], n_possibly[_SMALL] = 0, len(stops)
    n_kept = np.where(n_surely == n_possibly, n_surely, _UNSURE)
    n_kept[_ZERO] = 0
    if not len(stops):
        n_kept[:] = 0
    least = float(wide[wide > 0].min(initial=1.0))
    small = np.float32(min(2.0**-125 / least, float(np.finfo(np.float32).max)))
    return Table(stops, scale, small, n_kept.astype(np.uint8), n_surely.astype(np.uint8))


def _sorting_network(n: int) -> Integers:
    """Pairs of rows to exchange so that all are sorted, (C, 2). Knuth, TAOCP 5.2.2, algorithm M."""
    pairs = []
    top = 1 << max(n - 1, 1).bit_length() - 1
    p = top
    while p > 0:
        q, r, d = top, 0, p
        while True:
            pairs += [(i, i + d) for i in range(n - d) if i & p == r]
            if q == p:
                break
            d, q, r = q - p, q // 2, p
        p //= 2
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


@numba.njit(cache=True, parallel=True, nogil=True)
def _count_pieces(
    deltas: Weights,
    groups: Groups,
    is_ties: bool,
    redraws: bool,
    seed: np.uint32,
    table: Table,
    exchanges: Integers,
    cancelled: np.float32,
    pieces: Integers,
    shares: Integers,
    counts: Integers,
    elected: Integers,
) -> None:
    for share in numba.prange(len(shares) - 1):
        n_tasks = len(deltas)
        words = np.empty(TILE, np.uint32)
        tile = np.empty((n_tasks if redraws else 0, TILE), np.float32)
        scratch, cells = np.empty((3, TILE), np.float32), np.empty(TILE, np.int32)
        n_kept = np.empty((n_tasks, TILE), np.uint8)
        lanes = np.zeros((2 * n_tasks, _LANES, counts.shape[2]), np.int32)
        for k in range(shares[share], shares[share + 1]):
            for start in range(pieces[k, 0], pieces[k, 1], TILE):
                n = min(TILE, pieces[k, 1] - start)
                source, at = deltas, start
                if redraws:
                    draw_words(start, seed, words)
                    load_redrawn(deltas, start, n, words, tile)
                    source, at = tile, 0
                merged = scratch[0, :n]
                if is_ties:
                    other, spare = scratch[1, :n], scratch[2, :n]
                    tally, n_cancelled = merge_by_ties(source, at, groups, cancelled, merged, other, spare)
                    elected[k, 0] += tally
                    elected[k, 1] += n_cancelled
                else:
                    add_up(source, at, groups, merged)
                for t in range(n_tasks):
                    row = source[t, at : at + n]
                    _find_cells(row, merged, table.scale, table.small, cells[:n])
                    _look_up(cells[:n], row, merged, table, n_kept[t, :n])
                    _tally(n_kept[t, :n], lanes[t])
                for pair in range(len(exchanges)):
                    _exchange(n_kept[exchanges[pair, 0], :n], n_kept[exchanges[pair, 1], :n])
                for t in range(n_tasks):
                    _tally(n_kept[t, :n], lanes[n_tasks + t])
            for row_of_counts in range(2 * n_tasks):
                for lane in range(_LANES):
                    for m in range(np.uint64(counts.shape[2])):
                        counts[k, row_of_counts, m] += lanes[row_of_counts, lane, m]
            lanes[:] = np.int32(0)


@numba.njit(cache=True, nogil=True, error_model="numpy")
def _find_cells(
    row: Weights, merged: Weights, scale: np.float32, small: np.float32, cells: NDArray[np.int32]
) -> None:
    last = np.float32(_CELLS - 1 - _FIRST)
    for i in range(np.uint64(row.size)):
        own, rest = abs(row[i]), abs(merged[i] - row[i])
        scaled = own / rest * scale if rest > _0 else last
        scaled = scaled if scaled < last else last
        cell = np.int32(np.int32(scaled) + np.int32(_FIRST))
        cell = np.int32(_SMALL) if (rest > _0) & (rest < small) else cell
        cells[i] = np.int32(_ZERO) if own == _0 else cell


@numba.njit(cache=True, nogil=True)
def _look_up(cells: NDArray[np.int32], row: Weights, merged: Weights, table: Table, n_kept: Bytes) -> None:
    for i in range(np.uint64(cells.size)):
        cell = np.uint32(cells[i])
        m = table.n_kept[cell]
        if m == _UNSURE:
            m = _compared(row[i], merged[i], table.stops, table.n_surely[cell])
        n_kept[i] = m


@numba.njit(cache=True, nogil=True)
def _compared(tau_t: np.float32, tau_mtl: np.float32, stops: Weights, n_surely: np.uint8) -> np.uint8:
    own, rest, m = abs(tau_t), abs(tau_mtl - tau_t), np.uint64(n_surely)
    while m < np.uint64(stops.size) and own > stops[m] * rest:
        m += np.uint64(1)
    return np.uint8(m)


@numba.njit(cache=True, nogil=True)
def _tally(n_kept: Bytes, lanes: NDArray[np.int32]) -> None:
    for i in range(np.uint64(n_kept.size)):
        lanes[i & np.uint64(_LANES - 1), n_kept[i]] += np.int32(1)


@numba.njit(cache=True, nogil=True)
def _exchange(larger: Bytes, smaller: Bytes) -> None:
    for i in range(np.uint64(larger.size)):
        a, b = larger[i], smaller[i]
        larger[i] = a if a > b else b
        smaller[i] = b if a > b else a
