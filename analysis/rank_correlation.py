"""Whether two measures of pairs of tasks go together: rank correlation, judged by renaming tasks.

Pairs that share a task are not independent, so the pairs cannot be shuffled freely; renaming the tasks of
one measure keeps what belongs to each task and breaks only the tie between the two (Mantel's test).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_MOST_EXACT = 5040
"""Renamings up to which all are tried: 7 tasks."""

_DRAWS = 5000


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """How two measures of the same pairs go together."""

    value: float | None
    """Spearman's ρ, −1 … 1; None where a measure is the same for all pairs."""
    p_value: float | None
    """Share of renamings of the tasks with a ρ at least as far from 0; the given names are one of them."""
    n_pairs: int


def rank_correlation(one: Numbers, other: Numbers, *, seed: int = 0) -> RankCorrelation:
    """Correlate two measures of pairs of tasks.

    Args:
        one: A symmetric matrix, (T, T); NaN where a pair was not measured. The diagonal does not count.
        other: Another, (T, T).
        seed: Of the renamings, where there are too many to try all.
    """
    n_tasks = len(one)
    upper = np.triu_indices(n_tasks, 1)
    known = np.isfinite(one[upper]) & np.isfinite(other[upper])
    value = _spearman(one[upper], other[upper])
    n_pairs = int(known.sum())
    if value is None:
        return RankCorrelation(None, None, n_pairs)
    found = [_spearman(one[upper], other[np.ix_(names, names)][upper]) for names in _renamings(n_tasks, seed)]
    usable = [abs(rho) for rho in found if rho is not None]
    as_far = sum(rho >= abs(value) - 1e-12 for rho in usable)
    if factorial(n_tasks) <= _MOST_EXACT:
        return RankCorrelation(value, as_far / len(usable), n_pairs)
    return RankCorrelation(value, (as_far + 1) / (len(usable) + 1), n_pairs)


def _renamings(n_tasks: int, seed: int) -> Iterator[NDArray[np.int64]]:
    if factorial(n_tasks) <= _MOST_EXACT:
        yield from (np.array(names) for names in permutations(range(n_tasks)))
        return
    generator = np.random.default_rng(seed)
    for _ in range(_DRAWS):
        yield generator.permutation(n_tasks)


def _spearman(x: Numbers, y: Numbers) -> float | None:
    known = np.isfinite(x) & np.isfinite(y)
    if known.sum() < 3:
        return None
    a, b = _ranks(x[known]), _ranks(y[known])
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return None if size < 1e-12 else float(a @ b) / size


def _ranks(values: Numbers) -> Numbers:
    """Ranks from 0, equal values sharing their mean."""
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    ranks: Numbers = (last - (counts + 1) / 2)[places]
    return ranks
