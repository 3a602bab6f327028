"""Which weights enough TALL masks keep, and the multi-task vectors the masks are made for.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.masks.multi_task_vector import TIES, chunks
from analysis.methods.ties import sign_tally, ties
from analysis.model.layout import Ranges
from analysis.weights.trim import Trim, magnitude_trim


def consensus_mask(deltas: Tensor, tau_mtl: Tensor, tall_lambda: Tensor, *, min_tasks: float) -> Tensor:
    """Weights that at least so many masks keep, bool (n,).

        Σ_t 1[ |τ_t| > λ_t · |τ_MTL − τ_t| ] ≥ min_tasks

    Args:
        deltas: Unweighted task vectors, (T, n), weight units.
        tau_mtl: Their multi-task vector, (n,), unscaled.
        tall_lambda: λ of each task, (T,), or one for all, unitless.
        min_tasks: 0 keeps all, 2 drops catastrophic and selfish weights, more than T keeps none.

    >>> deltas = torch.tensor([[1.0, 1.0], [0.1, -1.0]])
    >>> consensus_mask(deltas, deltas.sum(dim=0), torch.tensor(0.4), min_tasks=2)
    tensor([False,  True])
    """
    masks = deltas.abs() > tall_lambda.reshape(-1, 1) * (tau_mtl - deltas).abs()
    return masks.sum(dim=0) >= min_tasks


@dataclass(frozen=True, slots=True)
class TiesCut:
    """What TIES must know of the whole, unweighted vectors."""

    trim: Trim
    ranges: Ranges
    """Columns in scope."""
    tally: Tensor
    """Weights elected positive less weights elected negative, a scalar."""


def ties_cut(deltas: Tensor, tasks: Sequence[int], ranges: Ranges) -> TiesCut:
    """Where trimming cuts, and which sign most weights elect.

    Args:
        deltas: Unweighted task vectors, (T, P), weight units.
        tasks: Rows that count.
        ranges: Columns in scope.
    """
    cut = magnitude_trim(deltas, tuple(tasks), ranges, density=TIES.density)
    ones = torch.ones(len(tasks), device=deltas.device)
    unknown = torch.zeros((), dtype=torch.int64, device=deltas.device)
    return TiesCut(cut, ranges, whole_tally(deltas, tasks, ones, TiesCut(cut, ranges, unknown)))


def whole_tally(deltas: Tensor, tasks: Sequence[int], weights: Tensor, cut: TiesCut) -> Tensor:
    """`weighted_tally` over all columns in scope, reading a few at a time."""
    tally, rows = torch.zeros((), dtype=torch.int64, device=deltas.device), list(tasks)
    for low, high in cut.ranges:
        for start, stop in chunks(low, high):
            tally = tally + weighted_tally(deltas[rows, start:stop], weights, cut, start=start)
    return tally


def ties_sum(
    deltas: Tensor, weights: Tensor, cut: TiesCut, *, start: int, tally: Tensor | None = None
) -> Tensor:
    """TIES at density 0.2 with the sum of the agreeing updates, (n,).

    Args:
        deltas: Unweighted task vectors, (T, n), weight units.
        weights: Of the tasks, (T,).
        cut: Of the whole vectors.
        start: Column where these n begin.
        tally: `weighted_tally` over all columns; that of weights 1 by default.
    """
    return ties(deltas, weights, cut.trim, TIES, start=start, tally=cut.tally if tally is None else tally)


def weighted_tally(deltas: Tensor, weights: Tensor, cut: TiesCut, *, start: int = 0) -> Tensor:
    """Weights elected positive less weights elected negative once tasks are weighed; adds up over slices."""
    return sign_tally(deltas, weights, cut.trim, TIES, start=start)
