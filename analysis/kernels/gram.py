"""Products of every two rows of a tile: float32 in short runs, added up in float64."""

import numba
import numpy as np

from analysis.arrays import Numbers, Weights

BLOCK = 4
"""Rows a block reaches to the right; tiles have BLOCK − 1 rows of zeros behind the last task."""

_0 = np.float32(0)


@numba.njit(cache=True, nogil=True)
def add_products(tile: Weights, n_tasks: int, gram: Numbers) -> None:
    """Add Σ x_i x_j of a tile, (T + BLOCK − 1, n), to gram[i, j] for i ≤ j; it has as many rows and columns.

    Rounding is that of float32 over runs of tens of weights: 1e-7 of Σ |x_i| |x_j| in one run, and the less
    the more runs there are.
    """
    for i in range(np.uint64(0), np.uint64(n_tasks), np.uint64(2)):
        for j in range(i, np.uint64(n_tasks), np.uint64(BLOCK)):
            _add_block(tile, i, j, gram)


# Sums may be taken in any order, which is what lets the processor work on many columns at once. Two rows
# against four fill sixteen registers, which every processor has; four by four is half as fast on many.
@numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract", "nsz"})
def _add_block(x: Weights, i: int, j: int, gram: Numbers) -> None:
    one = np.uint64(1)
    two, three = one + one, one + one + one
    a0 = a1 = a2 = a3 = b0 = b1 = b2 = b3 = _0
    for k in range(np.uint64(x.shape[1])):
        a, b = x[i, k], x[i + one, k]
        a0 += a * x[j, k]
        a1 += a * x[j + one, k]
        a2 += a * x[j + two, k]
        a3 += a * x[j + three, k]
        b0 += b * x[j, k]
        b1 += b * x[j + one, k]
        b2 += b * x[j + two, k]
        b3 += b * x[j + three, k]
    gram[i, j] += a0
    gram[i, j + one] += a1
    gram[i, j + two] += a2
    gram[i, j + three] += a3
    gram[i + one, j] += b0
    gram[i + one, j + one] += b1
    gram[i + one, j + two] += b2
    gram[i + one, j + three] += b3
