"""theta = theta_0 + scaling * tau_mtl: what remains to do when only the scaling changed."""

import numba
import numpy as np
import torch

from analysis.arrays import Weights
from analysis.kernels.chunks import CHUNK, n_chunks
from analysis.kernels.fused import Buffers, Slice


def write_scaled(buffers: Buffers, columns: Slice) -> None:
    """Write theta = theta_0 + scaling * tau_mtl there, bit for bit what every fused merge writes."""
    here = buffers.at(columns)
    if here.theta.device.type == "cpu":
        _write_scaled(
            here.theta_0.numpy(), np.float32(columns.scaling), here.tau_mtl.numpy(), here.theta.numpy()
        )
    else:
        torch.mul(here.tau_mtl, columns.scaling, out=here.theta).add_(here.theta_0)


@numba.njit(cache=True, parallel=True, nogil=True)
def _write_scaled(theta_0: Weights, scaling: np.float32, tau_mtl: Weights, theta: Weights) -> None:
    for k in numba.prange(n_chunks(theta.size)):
        columns = slice(k * CHUNK, (k + 1) * CHUNK)
        add_scaled(theta_0[columns], scaling, tau_mtl[columns], theta[columns])


@numba.njit(cache=True, nogil=True)
def add_scaled(theta_0: Weights, scaling: np.float32, tau_mtl: Weights, theta: Weights) -> None:
    """The same for one chunk, on the calling core."""
    for i in range(theta.size):
        theta[i] = theta_0[i] + scaling * tau_mtl[i]
