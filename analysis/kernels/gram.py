"""Products of every two rows of a tile: float32 in short runs, added up in float64."""

import math

import numba
import numpy as np

from analysis.arrays import Bits, Integers, Numbers, Weights
from analysis.kernels.tiles import MAGNITUDE

BLOCK = 4
"""Rows a block reaches to the right; tiles have BLOCK − 1 rows of zeros behind the last task."""

_0 = np.float32(0)
_FRACTION = np.int32(23)  # bits of a float32 behind its exponent
_BIAS = 127
_LEAST = -126  # exponent from which on 2^-e is a float32


@numba.njit(cache=True, nogil=True)
def add_products(tile: Weights, n_tasks: int, are_ordinary: bool, gram: Numbers) -> None:
    """Add Σ x_i x_j of a tile, (T + BLOCK − 1, n), to gram[i, j] for i ≤ j; it has as many rows and columns.

    Rounding is that of float32 over runs of tens of weights: 1e-7 of Σ |x_i| |x_j| in one run, and the less
    the more runs there are. Rows whose squares float32 cannot hold are scaled first.
    """
    if are_ordinary:
        _add_blocks(tile, n_tasks, gram)
    else:
        _add_scaled(tile, n_tasks, gram)


@numba.njit(cache=True, nogil=True)
def add_squared_products(
    tile: Weights, n_tasks: int, products: Numbers, exponents: Integers, gram: Numbers
) -> None:
    """Add Σ x_i² x_j² of a tile, (T + BLOCK − 1, n), to gram[i, j] for i ≤ j; its rows are left squared.

    Rows are scaled by powers of two first: float32 does not hold fourth powers of what it holds.

    Args:
        tile: Magnitudes.
        n_tasks: T.
        products: Scratch, as large as `gram`.
        exponents: Scratch, (T,).
        gram: Added to.
    """
    products[:] = 0
    for t in range(np.uint64(n_tasks)):
        exponents[t] = max(int(_largest(tile.view(np.int32), t) >> _FRACTION) - _BIAS, _LEAST)
        factor = np.float32(math.ldexp(1.0, -exponents[t]))
        for i in range(np.uint64(tile.shape[1])):
            scaled = tile[t, i] * factor
            tile[t, i] = scaled * scaled
    _add_blocks(tile, n_tasks, products)
    for i in range(n_tasks):
        for j in range(i, n_tasks):
            gram[i, j] += math.ldexp(products[i, j], 2 * (exponents[i] + exponents[j]))


@numba.njit(cache=True, nogil=True)
def _largest(tile: Bits, t: int) -> np.int32:
    found = np.int32(0)
    for i in range(np.uint64(tile.shape[1])):
        found = max(found, tile[t, i])
    return found


@numba.njit(cache=True, nogil=True)
def _add_scaled(tile: Weights, n_tasks: int, gram: Numbers) -> None:
    """The same of rows scaled by powers of two, which changes no digit, and scaled back in float64."""
    scaled, products = np.zeros_like(tile), np.zeros_like(gram)
    exponents = np.zeros(n_tasks, np.int64)
    for t in range(n_tasks):
        exponents[t] = ((tile.view(np.int32)[t] & MAGNITUDE).max() >> _FRACTION) - _BIAS
        factor = 2.0 ** -float(exponents[t])
        for i in range(tile.shape[1]):
            scaled[t, i] = np.float32(float(tile[t, i]) * factor)
    _add_blocks(scaled, n_tasks, products)
    for i in range(n_tasks):
        for j in range(i, n_tasks):
            gram[i, j] += products[i, j] * 2.0 ** float(exponents[i] + exponents[j])


@numba.njit(cache=True, nogil=True)
def _add_blocks(tile: Weights, n_tasks: int, gram: Numbers) -> None:
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
