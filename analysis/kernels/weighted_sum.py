"""Weighted sum of task vectors, and the merged weights, in one pass over memory."""

from collections.abc import Sequence

import numba
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.kernels.chunks import CHUNK, n_chunks
from analysis.kernels.fused import Buffers, Slice
from analysis.kernels.scale import add_scaled

_TILE = 1024


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
        self._rows = np.array(tasks)
        self._coefficients = coefficients.numpy().astype(np.float32)

    def write(self, columns: Slice) -> None:
        """Write tau_mtl and theta there."""
        here = self._buffers.at(columns)
        _write(
            here.deltas.numpy(),
            self._rows,
            self._coefficients,
            here.theta_0.numpy(),
            np.float32(columns.scaling),
            here.tau_mtl.numpy(),
            here.theta.numpy(),
        )

    def unsettled(self) -> tuple[Slice, ...]:
        """None: a weighted sum never looks beyond its own columns."""
        return ()


Weights = NDArray[np.float32]


@numba.njit(cache=True, parallel=True, nogil=True)
def _write(
    deltas: Weights,
    rows: NDArray[np.int64],
    coefficients: Weights,
    theta_0: Weights,
    scaling: np.float32,
    tau_mtl: Weights,
    theta: Weights,
) -> None:
    for k in numba.prange(n_chunks(theta.size)):
        chunk_stop = min((k + 1) * CHUNK, theta.size)
        total = np.empty(_TILE, np.float32)
        for start in range(k * CHUNK, chunk_stop, _TILE):
            stop = min(start + _TILE, chunk_stop)
            total[:] = 0.0
            n_fours = rows.size // 4 * 4
            for j in range(0, n_fours, 4):
                four = (
                    deltas[rows[j], start:stop],
                    deltas[rows[j + 1], start:stop],
                    deltas[rows[j + 2], start:stop],
                    deltas[rows[j + 3], start:stop],
                )
                _add_four(four, coefficients[j : j + 4], total)
            for j in range(n_fours, rows.size):
                _add_one(deltas[rows[j], start:stop], coefficients[j], total)
            tau_mtl[start:stop] = total[: stop - start]
            add_scaled(theta_0[start:stop], scaling, total, theta[start:stop])


@numba.njit(cache=True, nogil=True)
def _add_four(rows: tuple[Weights, Weights, Weights, Weights], factors: Weights, total: Weights) -> None:
    tau_a, tau_b, tau_c, tau_d = rows
    a, b, c, d = factors[0], factors[1], factors[2], factors[3]
    for i in range(tau_a.size):
        total[i] = total[i] + a * tau_a[i] + b * tau_b[i] + c * tau_c[i] + d * tau_d[i]


@numba.njit(cache=True, nogil=True)
def _add_one(row: Weights, factor: np.float32, total: Weights) -> None:
    for i in range(row.size):
        total[i] += factor * row[i]
