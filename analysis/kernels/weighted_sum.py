"""Weighted sum of task vectors, and the merged weights, in one pass over memory."""

from collections.abc import Sequence

import torch
from torch import Tensor

from analysis.kernels.fused import Buffers, Slice


def weighted_sum(deltas: Tensor, coefficients: Tensor) -> Tensor:
    """The sum of c_t * tau_t in task order, (T, n) -> (n,), every product and sum rounded to float32."""
    total = torch.zeros_like(deltas[0])
    for tau_t, coefficient in zip(deltas, coefficients, strict=True):
        total += coefficient * tau_t  # not add_(alpha=...), which may round product and sum together
    return total


class FusedWeightedSum:
    """tau_mtl = sum of c_t * tau_t and theta = theta_0 + scaling * tau_mtl, bit for bit `weighted_sum`."""

    def __init__(self, buffers: Buffers, tasks: Sequence[int], coefficients: Tensor) -> None:
        """Take the rows of `tasks` with one coefficient each."""
        self._buffers = buffers
        self._tasks = list(tasks)
        self._coefficients = coefficients

    def write(self, columns: Slice) -> None:
        """Write tau_mtl and theta there."""
        a, b, scaling = columns
        to = self._buffers
        to.tau_mtl[a:b] = weighted_sum(to.deltas[self._tasks, a:b], self._coefficients)
        to.theta[a:b] = to.theta_0[a:b] + torch.tensor(scaling, dtype=torch.float32) * to.tau_mtl[a:b]

    def unsettled(self) -> tuple[Slice, ...]:
        """None: a weighted sum never looks beyond its own columns."""
        return ()
