"""Segments cut into pieces of at most one size, and the pieces shared out among cores.

A segment may hold half the model or four weights, so neither is a unit of work. Sums are kept for every piece
and added up in order: they depend neither on the number of cores nor on which was faster.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Integers

PIECE = 1 << 14
"""Columns one core takes at a time at most."""

_LEAST = 1 << 10  # what a piece costs however small it is, in columns
_AT_ONCE = 1 << 25  # weights between two checks for a stop, some tens of milliseconds
_SHARES_PER_CORE = 4  # so that one slow core delays the others little


def launches(
    bounds: Sequence[tuple[int, int]], n_tasks: int
) -> Iterator[tuple[Integers, Integers, Integers]]:
    """Pieces of all segments in order, as many at once as may pass between two checks for a stop.

    Args:
        bounds: Columns of each segment, [start, stop).
        n_tasks: T.

    Yields:
        The segment of each piece, (N,); its columns, (N, 2); and the pieces of each share: share k has
        those from the k-th number to the one behind it.
    """
    found = [
        (segment, start, min(start + PIECE, stop))
        for segment, (first, stop) in enumerate(bounds)
        for start in range(first, stop, PIECE)
    ]
    pieces = np.array(found, dtype=np.int64).reshape(-1, 3)
    costs = np.maximum(pieces[:, 2] - pieces[:, 1], _LEAST)
    launch = (costs.cumsum() - costs) * n_tasks // _AT_ONCE
    for number in range(int(launch[-1]) + 1 if len(launch) else 0):
        here = launch == number
        yield pieces[here, 0], pieces[here, 1:], _shares(costs[here])


def add_pieces(total: NDArray[Any], segments: Integers, parts: NDArray[Any]) -> None:
    """Add each piece's row, (N, …), to its segment's, (S, …), in order.

    Args:
        total: Added to.
        segments: The segment of each piece, ascending, (N,).
        parts: One row a piece.
    """
    firsts = np.flatnonzero(np.diff(segments, prepend=-1))
    total[segments[firsts]] += np.add.reduceat(parts, firsts, axis=0, dtype=total.dtype)


def _shares(costs: Integers) -> Integers:
    """Where each share begins and the last one ends, so that all cost about the same."""
    ends = costs.cumsum()
    n_shares = _SHARES_PER_CORE * numba.get_num_threads()
    found: Integers = np.searchsorted(ends, ends[-1] * np.arange(n_shares + 1) / n_shares, side="right")
    return found
