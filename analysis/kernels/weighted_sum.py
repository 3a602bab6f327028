"""Weighted sum of task vectors, and the merged weights, in one pass over memory."""

from collections.abc import Sequence

import numba
import numpy as np
import torch
from torch import Tensor

from analysis.arrays import Weights
from analysis.kernels.chunks import CHUNK, n_chunks
from analysis.kernels.fused import Buffers, Slice
from analysis.kernels.rows import ROWS, padded

_0 = np.float32(0)


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
        self._coefficients = coefficients.numpy().astype(np.float32)

    def write(self, columns: Slice) -> None:
        """Write tau_mtl and theta there."""
        here = self._buffers.at(columns)
        deltas = here.deltas.numpy()
        for first in range(0, len(self._tasks), ROWS):  # past the first, once more over tau_mtl and theta
            group = [deltas[task] for task in self._tasks[first : first + ROWS]]
            _write(
                padded(group, group[0]),
                padded(list(self._coefficients[first : first + ROWS]), _0),
                first > 0,
                here.theta_0.numpy(),
                np.float32(columns.scaling),
                here.tau_mtl.numpy(),
                here.theta.numpy(),
            )

    def unsettled(self) -> tuple[Slice, ...]:
        """None: a weighted sum never looks beyond its own columns."""
        return ()


@numba.njit(cache=True, parallel=True, nogil=True)
def _write(
    rows: tuple[Weights, ...],
    coefficients: tuple[np.float32, ...],
    continues: bool,
    theta_0: Weights,
    scaling: np.float32,
    tau_mtl: Weights,
    theta: Weights,
) -> None:
    """The number of rows is part of their type, so the loop over them is unrolled."""
    for k in numba.prange(n_chunks(theta.size)):
        start, stop = k * CHUNK, min((k + 1) * CHUNK, theta.size)
        _write_chunk(rows, coefficients, continues, theta_0, scaling, tau_mtl, theta, start, stop)


@numba.njit(cache=True, nogil=True)
def _write_chunk(
    rows: tuple[Weights, ...],
    coefficients: tuple[np.float32, ...],
    continues: bool,
    theta_0: Weights,
    scaling: np.float32,
    tau_mtl: Weights,
    theta: Weights,
    start: int,
    stop: int,
) -> None:
    for i in range(np.uint64(start), np.uint64(stop)):  # unsigned: no test for indices from the end
        total = tau_mtl[i] if continues else _0
        for t in range(len(rows)):
            total += coefficients[t] * rows[t][i]
        tau_mtl[i] = total
        theta[i] = theta_0[i] + scaling * total
