"""The two L1 norms LiNeS weighs against each other; float64 sums, on any device."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from analysis.model.layout import Ranges

_PIECE = 1 << 20
"""Columns at a time: their weighted sum stays in the cache."""


def l1_norm(tau_mtl: Tensor, ranges: Ranges, *, check: Callable[[], None] = lambda: None) -> float:
    """Sum of |tau_mtl| over the columns in the ranges; weight units. `check` raises to stop."""
    return sum(_l1(tau_mtl[start:stop]) for start, stop in _pieces(ranges, check))


def l1_norm_of_weighted_sum(
    deltas: Tensor,
    tasks: Sequence[int],
    weights: Sequence[float],
    ranges: Ranges,
    *,
    check: Callable[[], None] = lambda: None,
) -> float:
    """Sum of |sum_t w_t tau_t| over the columns in the ranges; weight units.

    Args:
        deltas: Task vectors, (T, P).
        tasks: Rows that enter.
        weights: One weight for each of them.
        ranges: Columns in scope, [start, stop) pairs.
        check: Called before every million columns; raises to stop.
    """
    factors = torch.zeros(len(deltas), dtype=deltas.dtype)
    factors[list(tasks)] = torch.tensor(weights, dtype=deltas.dtype)
    factors = factors.to(deltas.device)
    return sum(_l1(torch.mv(deltas[:, start:stop].T, factors)) for start, stop in _pieces(ranges, check))


def _pieces(ranges: Ranges, check: Callable[[], None]) -> Iterator[tuple[int, int]]:
    for start, stop in ranges:
        for piece in range(start, stop, _PIECE):
            check()
            yield piece, min(piece + _PIECE, stop)


def _l1(values: Tensor) -> float:
    return float(values.abs().sum(dtype=torch.float64))
