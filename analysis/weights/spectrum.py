"""Spectrum of a matrix: its singular values and its ranks.

Source: Roy and Vetterli, The effective rank, EUSIPCO 2007.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from analysis.arrays import Numbers

_CHUNK = 1 << 22
"""Weights turned to float64 at a time."""


def singular_values(matrix: Tensor, *, check: Callable[[], None] = lambda: None) -> Numbers:
    """The singular values of a matrix, largest first.

    They are the roots of the eigenvalues of the smaller of AAᵀ and AᵀA, summed in float64: many times
    quicker than a decomposition, and exact to about 10⁻⁸ of the largest value.

    Args:
        matrix: (m, n), m, n > 0, weight units.
        check: Called every few million weights; raises to stop.

    Returns:
        (min(m, n),), descending, ≥ 0, weight units.
    """
    # Metal has no float64.
    wide = (matrix if matrix.shape[0] <= matrix.shape[1] else matrix.T).to(
        "cpu" if matrix.device.type == "mps" else matrix.device
    )
    rows, columns = wide.shape
    gram = torch.zeros(rows, rows, dtype=torch.float64, device=wide.device)
    step = max(1, _CHUNK // rows)
    for start in range(0, columns, step):
        check()
        piece = wide[:, start : start + step].double()
        gram.addmm_(piece, piece.T)
    check()
    squared: Numbers = torch.linalg.eigvalsh(gram).flip(0).cpu().numpy()
    return np.asarray(np.sqrt(squared.clip(min=0.0)), dtype=np.float64)


def effective_rank(values: Numbers) -> float:
    """The number of equally strong directions that are as spread out as these.

        exp(−Σ p_i log p_i),  p_i = σ_i / Σ σ

    Args:
        values: Singular values, (r,), ≥ 0.

    Returns:
        In [1, r]; 0 for a matrix of zeros.

    >>> round(effective_rank(np.array([2.0, 2.0, 2.0, 0.0])), 9)
    3.0
    """
    moved = values[values > 0]
    if not len(moved):
        return 0.0
    shares = moved / moved.sum()
    return math.exp(-float((shares * np.log(shares)).sum()))


def stable_rank(values: Numbers) -> float:
    """How much larger all directions together are than the strongest: ‖A‖_F² / σ_1², in [1, r] or 0.

    >>> stable_rank(np.array([2.0, 1.0, 1.0]))
    1.5
    """
    largest = float(values.max(initial=0.0))
    return float(((values / largest) ** 2).sum()) if largest else 0.0
