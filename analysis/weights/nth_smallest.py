"""The n-th smallest of many magnitudes by torch alone, for devices that our kernels do not run on."""

import torch
from torch import Tensor


def nth_smallest(magnitudes: Tensor, rank: int) -> float:
    """The rank-th smallest, exactly.

    The bits of floats >= 0 order as the floats do, so that a histogram of their upper half leaves few to
    sort. torch's own `kthvalue` works on one core of a GPU.

    Args:
        magnitudes: Finite values >= 0, (n,), float32, contiguous.
        rank: 1 ... n.

    >>> nth_smallest(torch.tensor([3.0, 1.0, 2.0, 2.0]), 3)
    2.0
    """
    upper = magnitudes.view(torch.int32) >> 16
    n_up_to = torch.bincount(upper, minlength=1 << 15).cumsum(dim=0)
    found = int(torch.searchsorted(n_up_to, rank))
    n_below = int(n_up_to[found - 1]) if found else 0
    return float(magnitudes[upper == found].sort().values[rank - n_below - 1])
