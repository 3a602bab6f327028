"""The sum of all tasks' updates over a tile, and how much of each task it votes down."""

import numba
import numpy as np
from numpy.typing import NDArray

from analysis.kernels.tiles import TILE

Weights = NDArray[np.float32]

_0 = np.float32(0)
_1 = np.float32(1)


@numba.njit(cache=True, nogil=True)
def add_up(tile: Weights, n_tasks: int, total: Weights) -> None:
    """Write Σ_t x_t, (TILE,), rounded to float32 task by task."""
    total[:] = _0
    for t in range(n_tasks):
        row = tile[t]
        for i in range(np.uint64(TILE)):
            total[i] += row[i]


@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})
def norms(total: Weights) -> tuple[float, float]:
    """Σ |x| and Σ x², in float64."""
    l1 = l2_squared = 0.0
    for i in range(np.uint64(total.size)):
        wide = float(total[i])
        l1 += abs(wide)
        l2_squared += wide * wide
    return l1, l2_squared


@numba.njit(cache=True, nogil=True)
def reduce_to_signs(total: Weights) -> None:
    """Replace each sum by its sign: 1, −1 or 0."""
    for i in range(np.uint64(TILE)):
        value = total[i]
        total[i] = _1 if value > _0 else (-_1 if value < _0 else _0)


@numba.njit(cache=True, nogil=True, fastmath={"reassoc"})
def outvoted(row: Weights, sign: Weights) -> float:
    """Σ |x| where x has the opposite sign, in float64."""
    mass = 0.0
    for i in range(np.uint64(TILE)):
        against = -(row[i] * sign[i])
        mass += float(against if against > _0 else _0)
    return mass
