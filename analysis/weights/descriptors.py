"""Descriptors of one layer's update that do not depend on its coordinates.

Weights of different layers do not correspond, so raw updates of two layers have no meaningful cosine;
these numbers can be compared across layers.
"""

from collections.abc import Callable

import numpy as np

from analysis.arrays import Integers, Numbers

DESCRIPTORS = ("size", "evenness", "cosine", "cosine spread", "conflict")
"""Columns of `descriptors`.

`size` is log10 of the relative norm. `evenness` is (Σ|τ|)² / (n Σ τ²): 1 when all updates are equally large,
0.64 for a Gaussian, less with heavy tails. `cosine` and `cosine spread` are mean and standard deviation of
the cosines to the other tasks. `conflict` is the mean share of opposite signs with another task, less the
half that chance gives.
"""


def descriptors(
    *,
    n: Integers,
    base_l2_squared: Numbers,
    l1: Numbers,
    gram: Numbers,
    agree: Integers,
    conflict: Integers,
) -> Numbers:
    """Descriptors of every group of weights and task.

    Args:
        n: Weights in each group, (G,).
        base_l2_squared: Σ θ_0², (G,).
        l1: Σ |τ_t|, (G, T).
        gram: Σ τ_i τ_j, (G, T, T).
        agree: Weights both tasks change with one sign, (G, T, T).
        conflict: Weights they change with opposite signs, (G, T, T).

    Returns:
        (G, T, len(DESCRIPTORS)); NaN in every column where a task changed nothing or the base is all zero.
    """
    l2_squared = np.einsum("gtt->gt", gram)
    length = np.sqrt(l2_squared)
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.log10(length / np.sqrt(base_l2_squared)[:, None])
        evenness = l1**2 / (n[:, None] * l2_squared)
        cosines = gram / (length[:, :, None] * length[:, None, :])
        excess = conflict / (agree + conflict) - 0.5
    columns = np.stack(
        [
            size,
            evenness,
            _over_others(cosines, np.mean),
            _over_others(cosines, np.std),
            _over_others(excess, np.mean),
        ],
        axis=-1,
    )
    columns[~np.isfinite(size)] = np.nan
    return np.asarray(columns, dtype=np.float64)


def standardised(values: Numbers) -> Numbers:
    """Columns with mean 0 and standard deviation 1, (N, D); a constant column becomes 0."""
    spread = values.std(axis=0)
    centred = values - values.mean(axis=0)
    found: Numbers = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 1e-12)
    return found


def _over_others(pairs: Numbers, summary: Callable[..., Numbers]) -> Numbers:
    """A summary of each task's pairs with the others, (G, T, T) -> (G, T); 0 without another task."""
    n_tasks = pairs.shape[1]
    if n_tasks == 1:
        return np.zeros(pairs.shape[:2])
    others = ~np.eye(n_tasks, dtype=bool)
    rows = pairs[:, others].reshape(len(pairs), n_tasks, n_tasks - 1)
    found: Numbers = summary(np.nan_to_num(rows), axis=-1)
    return found
