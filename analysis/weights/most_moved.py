"""The single weights that a task changed most."""

from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.arrays import Integers, Numbers


@dataclass(frozen=True, eq=False, slots=True)
class MovedWeights:
    """A few weights of one tensor, the one changed most first."""

    index: Integers
    """Where each lies in the tensor, counted row by row, (k,)."""
    theta_0: Numbers
    """Its pre-trained value, (k,), weight units."""
    deltas: Numbers
    """Its update by every task, (T, k), weight units."""
    rms: float
    """Root of the mean square update of the whole tensor by the one task, weight units."""


def most_moved(theta_0: Tensor, deltas: Tensor, *, task: int, most: int) -> MovedWeights:
    """The weights of a tensor that one task changed most.

    Args:
        theta_0: Pre-trained values, (n,).
        deltas: Task vectors, (T, n).
        task: Row of the task.
        most: How many weights, ≥ 0; fewer if the task changed fewer.

    Returns:
        Largest |τ_t| first, equal ones in the order they lie in the tensor. Where equal ones compete for
        the last place, any of them has it.
    """
    size = deltas[task].abs()
    chosen = size.topk(min(most, size.numel())).indices
    chosen = chosen[size[chosen] > 0].sort().values
    # A second, stable sort: topk leaves the order of equal values open.
    chosen = chosen[torch.argsort(size[chosen], descending=True, stable=True)]
    return MovedWeights(
        index=chosen.cpu().numpy(),
        theta_0=theta_0[chosen].double().cpu().numpy(),
        deltas=deltas[:, chosen].double().cpu().numpy(),
        rms=float(size.cpu().double().norm()) / max(size.numel(), 1) ** 0.5,
    )
