"""Elected signs, their tally and the disjoint sum: what remains where tasks disagree on a weight's sign.

Source: Yadav et al., NeurIPS 2023, arXiv:2306.01708.
"""

import torch
from torch import Tensor


def elect_sign(kept: Tensor) -> Tensor:
    """Sign of the larger summed mass, (T, n) -> (n,): 1, -1, or 0 where the sum is exactly 0.

    >>> elect_sign(torch.tensor([[3.0, 1.0], [-2.0, -1.0]]))
    tensor([1., 0.])
    """
    total = torch.zeros_like(kept[0])
    for tau_t in kept:
        total += tau_t  # in task order, as the fused pass adds
    return total.sign()


def sign_tally(kept: Tensor) -> Tensor:
    """Weights elected positive less weights elected negative; int64, a scalar that adds up over slices.

    Args:
        kept: Trimmed and weighted task vectors, (T, n), weight units.
    """
    return elect_sign(kept).sum(dtype=torch.int64)


def follow_majority(elected: Tensor, tally: Tensor) -> Tensor:
    """Elected signs, (n,), with the sign of the tally in place of each 0."""
    return torch.where(elected == 0, tally.sign().to(elected.dtype), elected)


def agreeing(kept: Tensor, elected: Tensor) -> Tensor:
    """Which updates have the elected sign, bool (T, n); where it is 0, the negative ones.

    That is the authors' code's rule for a sum of exactly 0 without a majority.

    Args:
        kept: Trimmed and weighted task vectors, (T, n), weight units.
        elected: From `elect_sign`, (n,).
    """
    return torch.where(elected > 0, kept > 0, kept < 0)


def disjoint_sum(kept: Tensor, agrees: Tensor) -> Tensor:
    """Sum of the updates that agree, (n,), in task order.

    Args:
        kept: Trimmed and weighted task vectors, (T, n), weight units.
        agrees: From `agreeing`, (T, n).

    >>> kept = torch.tensor([[3.0], [1.0], [-2.0]])
    >>> disjoint_sum(kept, agreeing(kept, elect_sign(kept)))
    tensor([4.])
    """
    total = torch.zeros_like(kept[0])
    for tau_t in torch.where(agrees, kept, 0.0):
        total += tau_t
    return total
