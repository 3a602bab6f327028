"""The sum of all tasks' updates over a tile, and how much of each task it votes down."""

import numba
import numpy as np

from analysis.arrays import Numbers, Weights
from analysis.kernels.tiles import TILE

_0 = np.float32(0)
_1 = np.float32(1)


@numba.njit(cache=True, nogil=True)
def add_up(tile: Weights, n_tasks: int, total: Weights) -> None:
    """Write Σ_t x_t, (TILE,), rounded to float32 task by task."""
    total[:] = _0
    for t in range(np.uint64(n_tasks)):
        for i in range(np.uint64(TILE)):
            total[i] += tile[t, i]


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
def add_outvoted(tile: Weights, sign: Weights, mass: Numbers) -> None:
    """Add each row's Σ |x| where x has the opposite sign, in float64, (T,)."""
    for t in range(np.uint64(mass.size)):
        here = 0.0
        for i in range(np.uint64(TILE)):
            against = -(tile[t, i] * sign[i])
            here += float(against if against > _0 else _0)
        mass[t] += here
