"""The floor: how fast this machine streams the same bytes with nothing to compute."""

from collections.abc import Callable

import numba
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.kernels.chunks import CHUNK, n_chunks
from analysis.kernels.fused import Buffers


def floors(buffers: Buffers) -> dict[str, Callable[[], object]]:
    """Ways to read T task vectors and the base and write one vector: (T + 2) * 4 * P bytes."""
    n_streams = len(buffers.deltas) + 2
    deltas = buffers.deltas.numpy()

    def torch_sum() -> None:
        buffers.deltas.sum()
        buffers.theta_0.sum()
        buffers.theta.zero_()

    def torch_add() -> None:
        # Three streams a call; as many calls as make up the bytes, the last one shortened.
        whole, rest = divmod(n_streams, 3)
        for t in range(whole):
            torch.add(buffers.deltas[t], buffers.theta_0, out=buffers.theta)
        part = buffers.theta.numel() * rest // 3
        torch.add(buffers.deltas[0, :part], buffers.theta_0[:part], out=buffers.theta[:part])

    def numpy_sum() -> None:
        deltas.sum()
        buffers.theta_0.numpy().sum()
        buffers.theta.numpy().fill(0)

    def numba_sum() -> None:
        _stream(deltas.reshape(-1))
        _stream(buffers.theta_0.numpy())
        buffers.theta.zero_()

    return {
        "floor: torch.sum": torch_sum,
        "floor: torch.add": torch_add,
        "floor: numpy.sum": numpy_sum,
        "floor: numba": numba_sum,
    }


def reading_floors(deltas: Tensor, out: Tensor) -> dict[str, Callable[[], object]]:
    """Ways to read T task vectors, (T, P), and write one vector, (P,)."""
    rows = deltas.numpy().reshape(-1)
    return {
        "floor: torch.sum": lambda: (deltas.sum(), out.zero_()),
        "floor: numpy.sum": lambda: (rows.sum(), out.zero_()),
        "floor: numba": lambda: (_stream(rows), out.zero_()),
    }


@numba.njit(parallel=True, fastmath=True)
def _stream(row: NDArray[np.float32]) -> float:
    sums = np.empty(n_chunks(row.size), np.float32)
    for k in numba.prange(sums.size):
        sums[k] = _sum(row[k * CHUNK : (k + 1) * CHUNK])
    return float(sums.sum())


@numba.njit(fastmath=True)
def _sum(chunk: NDArray[np.float32]) -> np.float32:
    total = np.float32(0)
    for i in range(chunk.size):
        total += chunk[i]
    return total
