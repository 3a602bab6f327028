"""Eight task vectors at a time, as many as fit into registers: their sum, their signs, their TIES merge.

Rows are read where they lie, from column `at` on; what is written has the columns of one tile.
"""

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Integers, Weights, Words
from analysis.kernels.rows import ROWS

Eight = tuple[Weights, ...]

_0 = np.float32(0)
_1 = np.float32(1)


class Groups(NamedTuple):
    """The rows in groups of ROWS; the last is filled up with rows that count as 0."""

    row: Integers
    """Rows, (G, ROWS); fillers read the first again, which costs no memory traffic."""
    counts: Weights
    """1, or 0 for fillers, (G, ROWS)."""
    threshold: Weights
    """Smallest magnitude TIES keeps, (G, ROWS); infinite for fillers."""
    tall_lambda: Weights
    """λ of each row's mask, (G, ROWS)."""


class Updates(NamedTuple):
    """All task vectors, and how a pass over TALL masks reads them."""

    deltas: Weights
    """Task vectors, (T, P), T ≤ 32, rows contiguous."""
    groups: Groups
    """The rows, with λ, and with thresholds for TIES."""
    is_ties: bool
    """Whether the multi-task vector is TIES, not the sum."""
    redraws: bool
    """Whether signs are random."""
    seed: np.uint32
    """Word that random signs are drawn from."""


def updates(
    deltas: Weights, *, threshold: Weights, tall_lambda: Weights, is_ties: bool, seed: int | None
) -> Updates:
    """Group the rows.

    Args:
        deltas: Task vectors, (T, P), T ≤ 32, rows contiguous.
        threshold: Smallest magnitude TIES keeps, one per row, (T,).
        tall_lambda: λ of each row's mask, (T,).
        is_ties: The multi-task vector is TIES, not the sum.
        seed: Word that random signs are drawn from; None keeps the signs.
    """
    groups = _grouped(len(deltas), threshold, tall_lambda)
    return Updates(deltas, groups, is_ties, seed is not None, np.uint32(0 if seed is None else seed))


def _grouped(n_tasks: int, threshold: Weights, tall_lambda: Weights) -> Groups:
    """The rows 0 … T − 1 in groups, with what belongs to each of them."""
    n_groups = -(-n_tasks // ROWS)

    def filled(values: NDArray[Any], filler: float) -> NDArray[Any]:
        found = np.full(n_groups * ROWS, filler, dtype=values.dtype)
        found[:n_tasks] = values
        return found.reshape(n_groups, ROWS)

    return Groups(
        filled(np.arange(n_tasks), 0),
        filled(np.ones(n_tasks, np.float32), 0),
        filled(threshold, np.inf),
        filled(tall_lambda, 0),
    )


@numba.njit(cache=True, nogil=True)
def load_redrawn(deltas: Weights, start: int, n: int, words: Words, tile: Weights) -> None:
    """Copy n columns of all rows, (T, columns), with the sign turned where the row's bit of a word is 1."""
    for t in range(len(tile)):
        row, copy = deltas[t, start : start + n], tile[t, :n]
        bit = np.uint32(t)
        for i in range(np.uint64(n)):
            turned = np.uint32(np.uint32(words[i] >> bit) & np.uint32(1))
            copy[i] = -row[i] if turned == np.uint32(1) else row[i]


@numba.njit(cache=True, nogil=True)
def add_up(source: Weights, at: int, groups: Groups, total: Weights) -> None:
    """Write Σ_t τ_t, rounded to float32 task by task."""
    for g in range(len(groups.row)):
        _add(_eight(source, groups.row[g], at, total.size), _numbers(groups.counts[g]), g == 0, total)


@numba.njit(cache=True, nogil=True)
def add_up_and_look(
    source: Weights, at: int, groups: Groups, total: Weights, mass: Weights, most: Weights, least: Weights
) -> None:
    """Write Σ_t τ_t and Σ_t |τ_t|, and the largest and the smallest of the τ_t and 0."""
    for g in range(len(groups.row)):
        rows = _eight(source, groups.row[g], at, total.size)
        _add_and_look(rows, _numbers(groups.counts[g]), g == 0, total, mass, most, least)


@numba.njit(cache=True, nogil=True)
def merge_by_ties(
    source: Weights,
    at: int,
    groups: Groups,
    cancelled: np.float32,
    merged: Weights,
    sign: Weights,
    mass: Weights,
) -> tuple[int, int]:
    """Write the sum of the trimmed updates that agree with the elected sign.

    Args:
        source: Task vectors, (T, columns).
        at: First column.
        groups: Their rows and thresholds.
        cancelled: Sign taken where the kept updates cancel exactly.
        merged: Written, (n,).
        sign: Scratch, (n,).
        mass: Scratch, (n,).

    Returns:
        Columns elected positive less columns elected negative, and columns whose kept updates cancel.
    """
    for g in range(len(groups.row)):
        rows = _eight(source, groups.row[g], at, merged.size)
        _keep(rows, _numbers(groups.threshold[g]), g == 0, sign, mass)
    tally, n_cancelled = _elect(sign, mass, cancelled)
    for g in range(len(groups.row)):
        rows = _eight(source, groups.row[g], at, merged.size)
        _agree(rows, _numbers(groups.threshold[g]), g == 0, sign, merged)
    for i in range(np.uint64(merged.size)):
        merged[i] = sign[i] * merged[i] + _0  # + 0: no negative zeros
    return tally, n_cancelled


@numba.njit(cache=True, nogil=True)
def make_masks(
    source: Weights,
    at: int,
    groups: Groups,
    merged: Weights,
    code: NDArray[np.int32],
    count: NDArray[np.int32],
) -> None:
    """Write each column's masks as bits, and how many they are."""
    for g in range(len(groups.row)):
        _mask(
            _eight(source, groups.row[g], at, merged.size),
            _numbers(groups.counts[g]),
            _numbers(groups.tall_lambda[g]),
            merged,
            np.int32(ROWS * g),
            code,
            count,
        )


# The number of rows is part of a tuple's type, so loops over them are unrolled, and no row has a row for a
# neighbour that the compiler must fear to be the same.
@numba.njit(cache=True, nogil=True)
def _eight(source: Weights, row: Integers, at: int, n: int) -> Eight:
    stop = at + n
    return (
        source[row[0], at:stop],
        source[row[1], at:stop],
        source[row[2], at:stop],
        source[row[3], at:stop],
        source[row[4], at:stop],
        source[row[5], at:stop],
        source[row[6], at:stop],
        source[row[7], at:stop],
    )


@numba.njit(cache=True, nogil=True)
def _numbers(x: Weights) -> tuple[np.float32, ...]:
    return (x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7])


@numba.njit(cache=True, nogil=True)
def _add(rows: Eight, counts: tuple[np.float32, ...], is_first: bool, total: Weights) -> None:
    for i in range(np.uint64(total.size)):
        here = _0 if is_first else total[i]
        for r in range(len(rows)):
            here += counts[r] * rows[r][i]
        total[i] = here


@numba.njit(cache=True, nogil=True)
def _add_and_look(
    rows: Eight,
    counts: tuple[np.float32, ...],
    is_first: bool,
    total: Weights,
    mass: Weights,
    most: Weights,
    least: Weights,
) -> None:
    for i in range(np.uint64(total.size)):
        here = _0 if is_first else total[i]  # filling the arrays with zeros first costs half as much again
        size = _0 if is_first else mass[i]
        up = _0 if is_first else most[i]
        down = _0 if is_first else least[i]
        for r in range(len(rows)):
            x = counts[r] * rows[r][i]
            here += x
            size += abs(x)
            up = x if x > up else up
            down = x if x < down else down
        total[i], mass[i], most[i], least[i] = here, size, up, down


@numba.njit(cache=True, nogil=True)
def _keep(
    rows: Eight, thresholds: tuple[np.float32, ...], is_first: bool, total: Weights, mass: Weights
) -> None:
    for i in range(np.uint64(total.size)):
        here = _0 if is_first else total[i]
        size = _0 if is_first else mass[i]
        for r in range(len(rows)):
            kept = rows[r][i] if abs(rows[r][i]) >= thresholds[r] else _0
            here += kept
            size += abs(kept)
        total[i], mass[i] = here, size


@numba.njit(cache=True, nogil=True)
def _elect(total: Weights, mass: Weights, cancelled: np.float32) -> tuple[int, int]:
    tally = np.int32(0)  # as wide as the weights, for the compiler's sake
    n_cancelled = np.int32(0)
    for i in range(np.uint64(total.size)):
        here = total[i]
        tally = np.int32(tally + np.int32(here > _0) - np.int32(here < _0))
        n_cancelled = np.int32(n_cancelled + np.int32((here == _0) & (mass[i] > _0)))
        total[i] = _1 if here > _0 else (-_1 if here < _0 else cancelled)
    return int(tally), int(n_cancelled)


@numba.njit(cache=True, nogil=True)
def _agree(
    rows: Eight, thresholds: tuple[np.float32, ...], is_first: bool, sign: Weights, agreeing: Weights
) -> None:
    for i in range(np.uint64(sign.size)):
        here = _0 if is_first else agreeing[i]
        for r in range(len(rows)):
            along = sign[i] * (rows[r][i] if abs(rows[r][i]) >= thresholds[r] else _0)
            here += along if along > _0 else _0
        agreeing[i] = here


@numba.njit(cache=True, nogil=True)
def _mask(
    rows: Eight,
    counts: tuple[np.float32, ...],
    tall_lambda: tuple[np.float32, ...],
    merged: Weights,
    first_bit: np.int32,
    code: NDArray[np.int32],
    count: NDArray[np.int32],
) -> None:
    for i in range(np.uint64(merged.size)):
        tau = merged[i]
        bits, n_masks = np.int32(0), np.int32(0)
        for r in range(len(rows)):
            x = counts[r] * rows[r][i]
            is_kept = np.int32(abs(x) > tall_lambda[r] * abs(tau - x))
            bits = np.int32(bits | np.int32(is_kept << np.int32(r)))
            n_masks = np.int32(n_masks + is_kept)
        code[i] = bits if first_bit == 0 else np.int32(code[i] | np.int32(bits << first_bit))
        count[i] = n_masks if first_bit == 0 else np.int32(count[i] + n_masks)
