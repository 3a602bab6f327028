"""Rank correlation, and for measures of pairs of tasks a test by renaming the tasks.

Pairs that share a task are not independent, so the pairs cannot be shuffled freely; renaming the tasks of
one measure keeps what belongs to each task and breaks only the tie between the two (Mantel's test).
"""

from dataclasses import dataclass
from itertools import permutations
from math import factorial

import numpy as np

from analysis.arrays import Integers, Numbers

_MOST_EXACT = 5040
"""Renamings up to which all are tried: 7 tasks."""

_DRAWS = 10_000

_AT_ONCE = 1000
"""Renamings that are held in memory together."""


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """How two measures of the same pairs go together."""

    value: float | None
    """Spearman's ρ, −1 … 1; None where a measure is the same for all pairs, or fewer than 3 are known."""
    p_value: float | None
    """Share of renamings of the tasks with a ρ at least as far from 0; the given names are one of them. None
    until every pair of the tasks that have one is known: a renaming would need those missing."""
    n_pairs: int
    least_p: float
    """No renaming of so many tasks gives a smaller p-value."""


def rank_correlation(one: Numbers, other: Numbers, *, seed: int = 0) -> RankCorrelation:
    """Correlate two measures of pairs of tasks.

    Args:
        one: A symmetric matrix, (T, T); NaN where a pair was not measured. The diagonal does not count.
        other: Another, (T, T).
        seed: Of the renamings, where there are too many to try all.
    """
    known = np.isfinite(one) & np.isfinite(other)
    np.fill_diagonal(known, False)
    tasks = np.flatnonzero(known.any(axis=0))
    i, j = np.triu_indices(len(tasks), 1)
    upper = tasks[i], tasks[j]
    is_known = known[upper]
    n_pairs = int(is_known.sum())
    least_p = 1 / (_n_ways(len(tasks)) or _DRAWS + 1)
    if n_pairs < 3:
        return RankCorrelation(None, None, n_pairs, least_p)
    a, b = one[upper][is_known], other[upper][is_known]
    value = spearman(a, b)
    if value is None:
        return RankCorrelation(None, None, n_pairs, least_p)
    p_value = _p_value(_centred_ranks(a), _centred_ranks(b), len(tasks), seed) if is_known.all() else None
    return RankCorrelation(value, p_value, n_pairs, least_p)


def spearman(one: Numbers, other: Numbers) -> float | None:
    """Spearman's ρ of two measures, (n,) each, −1 … 1; equal values share the mean of their ranks.

    None where a measure has one value only.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([1.0, 4.0, 9.0]))
    1.0
    """
    a, b = _centred_ranks(one), _centred_ranks(other)
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size else None


def _p_value(a: Numbers, b: Numbers, n_tasks: int, seed: int) -> float:
    """Share of renamings that come at least as far; renaming permutes ranks and changes none."""
    i, j = np.triu_indices(n_tasks, 1)
    ranks = np.zeros((n_tasks, n_tasks))
    ranks[i, j] = ranks[j, i] = b
    far = abs(float(a @ b)) - 1e-9 * float(a @ a)
    names, is_exact = _renamings(n_tasks, seed)
    parts = (names[start : start + _AT_ONCE] for start in range(0, len(names), _AT_ONCE))
    as_far = sum(int((np.abs(ranks[part[:, i], part[:, j]] @ a) >= far).sum()) for part in parts)
    return as_far / len(names) if is_exact else (as_far + 1) / (len(names) + 1)


def _renamings(n_tasks: int, seed: int) -> tuple[Integers, bool]:
    """Every renaming, or many drawn at random, one per row; whether these are all."""
    if _n_ways(n_tasks):
        return np.array(list(permutations(range(n_tasks)))), True
    drawn = np.tile(np.arange(n_tasks), (_DRAWS, 1))
    return np.random.default_rng(seed).permuted(drawn, axis=1), False


def _n_ways(n_tasks: int) -> int:
    """Renamings, if all can be tried; else 0."""
    n_ways = factorial(n_tasks)
    return n_ways if n_ways <= _MOST_EXACT else 0


def _centred_ranks(values: Numbers) -> Numbers:
    """Ranks about their mean, equal values sharing theirs."""
    from scipy.stats import rankdata  # here: it takes most of a second, and most pages never need it

    ranks = rankdata(values)
    centred: Numbers = ranks - ranks.mean()
    return centred
