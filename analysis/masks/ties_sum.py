"""The multi-task vector of TIES as TALL masks use it: density 0.2, and the sum of the agreeing updates.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.model.layout import Ranges, chunks
from analysis.weights.election import agreeing, disjoint_sum, elect_sign, follow_majority, sign_tally
from analysis.weights.trim import Trim, magnitude_trim, trim

TIES_DENSITY = 0.2
"""Share of weights kept, as the authors build it, whatever TIES is otherwise."""


@dataclass(frozen=True, slots=True)
class TiesCut:
    """What TIES must know of the whole, unweighted vectors."""

    trim: Trim
    ranges: Ranges
    """Columns in scope."""
    tally: Tensor
    """Weights elected positive less weights elected negative, a scalar."""


def ties_trim(
    deltas: Tensor, tasks: Sequence[int], ranges: Ranges, *, check: Callable[[], None] = lambda: None
) -> Trim:
    """Where every task is trimmed; magnitudes alone decide, so random signs change nothing.

    Args:
        deltas: Unweighted task vectors, (T, P), weight units.
        tasks: Rows that count.
        ranges: Columns in scope.
        check: Called before every task; raises to stop.
    """
    return magnitude_trim(deltas, tasks, ranges, density=TIES_DENSITY, check=check)


def ties_cut(
    deltas: Tensor, tasks: Sequence[int], ranges: Ranges, *, check: Callable[[], None] = lambda: None
) -> TiesCut:
    """Where trimming cuts, and which sign most weights elect.

    Args:
        deltas: Unweighted task vectors, (T, P), weight units.
        tasks: Rows that count.
        ranges: Columns in scope.
        check: Called before every task and every few columns; raises to stop.
    """
    cut = ties_trim(deltas, tasks, ranges, check=check)
    ones = torch.ones(len(tasks), device=deltas.device)
    return TiesCut(cut, ranges, whole_tally(deltas, tasks, ones, cut, ranges, check=check))


def whole_tally(
    deltas: Tensor,
    tasks: Sequence[int],
    weights: Tensor,
    cut: Trim,
    ranges: Ranges,
    *,
    check: Callable[[], None] = lambda: None,
) -> Tensor:
    """`weighted_tally` over all columns in scope, reading a few at a time; `check` is called before each."""
    tally, rows = torch.zeros((), dtype=torch.int64, device=deltas.device), list(tasks)
    for low, high in ranges:
        for start, stop in chunks(low, high):
            check()
            tally = tally + weighted_tally(deltas[rows, start:stop], weights, cut, start=start)
    return tally


def weighted_tally(deltas: Tensor, weights: Tensor, cut: Trim, *, start: int = 0) -> Tensor:
    """Weights elected positive less weights elected negative once tasks are weighted; adds up over slices."""
    return sign_tally(weights[:, None] * trim(deltas, cut, start=start))


def ties_sum(
    deltas: Tensor, weights: Tensor, cut: TiesCut, *, start: int, tally: Tensor | None = None
) -> Tensor:
    """TIES with the sum of the agreeing updates, (n,).

    Args:
        deltas: Unweighted task vectors, (T, n), weight units.
        weights: Of the tasks, (T,).
        cut: Of the whole vectors.
        start: Column where these n begin.
        tally: `weighted_tally` over all columns; that of weights 1 by default.
    """
    kept = weights[:, None] * trim(deltas, cut.trim, start=start)
    elected = follow_majority(elect_sign(kept), cut.tally if tally is None else tally)
    return disjoint_sum(kept, agreeing(kept, elected))
