"""Sign conflict: how often tasks change a weight in opposite directions, against what chance gives.

With many tasks nearly every weight conflicts, whatever the tasks are, so a rate is read against its null:
the same magnitudes with random signs. Trimming and voting: Yadav et al., NeurIPS 2023, arXiv:2306.01708.
"""

from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.weights.statistics import Sums

LEAST = 0.01
"""Distance from chance, as a share, below which conflict counts as no more and no less than chance."""

SURE = 0.001
"""Probability with which chance alone may be taken for more or less than chance."""

_FAR = 4.0
"""Standard deviations from its mean that no draw is taken to lie: one in 30,000 does."""


@dataclass(frozen=True, eq=False, slots=True)
class Rate:
    """Shares, with what random signs give; fields have one shape."""

    n: Numbers
    """What the share is of: weights, pairs of updates, mass."""
    observed: Numbers
    """In [0, 1]; NaN where n is 0."""
    chance: Numbers
    """Mean under the null, in [0, 1]; NaN where n is 0."""
    sd: Numbers
    """Standard deviation of the distance between the two under the null, or a bound above it."""
    skewness: Numbers | float = 0.0
    """Of that distance; it broadcasts."""

    @property
    def excess(self) -> Numbers:
        """What is observed less what chance gives, in [−1, 1]."""
        return self.observed - self.chance

    def at(self, index: Any) -> "Rate":
        """Some of the shares."""
        skewness = np.broadcast_to(self.skewness, np.shape(self.sd))[index]
        return Rate(self.n[index], self.observed[index], self.chance[index], self.sd[index], skewness)


def beyond_chance(rate: Rate, *, n_tests: int = 1) -> Integers:
    """1 where shares lie clearly above chance, −1 where clearly below, 0 where neither.

    Clear is a distance of at least `LEAST` that chance would exceed with probability `SURE` at most, shared
    out among the tests by Bonferroni. Among millions of weights any distance is improbable, so size decides;
    among a few any size is, so probability does. The longer of two unlike tails is widened by its skewness,
    as Cornish and Fisher have it (Revue de l'Institut International de Statistique 5, 1938).

    Args:
        rate: Shares of any shape.
        n_tests: How many shares are looked at together.
    """
    z = NormalDist().inv_cdf(1 - SURE / (2 * max(n_tests, 1)))
    excess = np.nan_to_num(rate.excess)
    tail = z + (z**2 - 1) / 6 * np.maximum(np.sign(excess) * rate.skewness, 0.0)
    is_clear = (np.abs(excess) >= LEAST) & (np.abs(excess) > tail * rate.sd)
    return np.where(is_clear, np.sign(excess), 0).astype(np.int64)


def chance_of_conflict(movers: Integers) -> Numbers:
    """Probability that m random signs are not all equal, 1 − 2^(1−m); 0 for fewer than two.

    >>> chance_of_conflict(np.arange(4)).tolist()
    [0.0, 0.0, 0.5, 0.75]
    """
    return np.where(movers > 1, 1 - np.exp2(1.0 - movers), 0.0)


def conflict(sums: Sums) -> Rate:
    """Share of the weights several tasks change whose updates do not all have one sign, (G,).

    Chance depends on how many tasks change each weight; given that, the null has no free number.
    """
    chance = chance_of_conflict(np.arange(sums.moved_by.shape[1]))
    several = sums.moved_by[:, 2:].astype(np.float64)
    opposed = several - sums.unanimous[:, 2:]
    n = several.sum(axis=1)
    expected, variance = several @ chance[2:], several @ (chance * (1 - chance))[2:]
    third = several @ (chance * (1 - chance) * (1 - 2 * chance))[2:]
    return Rate(
        n,
        _over(opposed.sum(axis=1), n),
        _over(expected, n),
        _known(_over(np.sqrt(variance), n)),
        _known(_over(third, variance**1.5)),
    )


def pair_conflict(sums: Sums) -> Rate:
    """Share of the weights two tasks both change where their signs differ, (G, T, T); chance gives half."""
    n = (sums.agree + sums.conflict).astype(np.float64)
    return _tossed(sums.conflict, n, 0.25 * n)


def mean_pair_conflict(sums: Sums) -> Rate:
    """The same over all pairs of tasks together, (G,).

    Under the null the products of signs of different pairs are uncorrelated, at one weight too, so the
    variances add up.
    """
    first, second = _pairs(sums)
    opposed = sums.conflict[:, first, second].sum(axis=1).astype(np.float64)
    n = opposed + sums.agree[:, first, second].sum(axis=1)
    return _tossed(opposed, n, 0.25 * n)


def weighted_pair_conflict(sums: Sums) -> Rate:
    """Share of Σ |τ_i||τ_j| with opposite signs, (G, T, T): large common updates count more."""
    mass = sums.absolute_gram
    return _tossed((mass - sums.gram) / 2, mass, 0.25 * sums.squared_gram)


def cosine_by_chance(sums: Sums) -> Numbers:
    """Distance from 0 within which the cosines of all pairs of tasks would lie by chance, (T, T), in [0, 1].

    With random signs the scalar product of two updates has mean 0 and variance Σ τ_i² τ_j². All pairs
    together stay inside with a probability of 95 %.

    Args:
        sums: Of the groups of weights that the updates are of, (G, …).
    """
    n_pairs = max(len(_pairs(sums)[0]), 1)
    z = NormalDist().inv_cdf(1 - 0.05 / (2 * n_pairs))
    length = np.sqrt(np.einsum("gtt->t", sums.gram))
    spread = _over(z * np.sqrt(sums.squared_gram.sum(axis=0)), np.outer(length, length))
    return np.minimum(_known(spread), 1.0)


def weighted_conflict(sums: Sums) -> Rate:
    """The same over all pairs of tasks together, (G,)."""
    first, second = _pairs(sums)
    mass = sums.absolute_gram[:, first, second].sum(axis=1)
    opposed = (mass - sums.gram[:, first, second].sum(axis=1)) / 2
    return _tossed(opposed, mass, 0.25 * sums.squared_gram[:, first, second].sum(axis=1))


def sum_to_mass(sums: Sums, null: Sums) -> Rate:
    """What remains of the updates in their sum, Σ |Σ_t τ_t| / Σ_t Σ |τ_t|, (G,): 1 agree, 0 cancel.

    The null is one draw of all signs. The standard deviation of the distance is bounded above; see
    `_variance_of_sum`.

    Args:
        sums: Of some groups of weights.
        null: Of the same with random signs.
    """
    mass = sums.l1.sum(axis=1)
    # Twice: what is observed would be one draw under the null, and its centre is another.
    sd = _known(_over(np.sqrt(2 * _variance_of_sum(sums, null)), mass))
    return Rate(mass, _over(sums.sum_l1, mass), _over(null.sum_l1, mass), sd)


def sign_shares(sums: Sums) -> Numbers:
    """Shares of weights by the tasks that change them, (G, 4); NaN without weights.

    In this order: several tasks with one sign, several with both signs, one task alone, none.
    """
    agree, several = sums.unanimous[:, 2:].sum(axis=1), sums.moved_by[:, 2:].sum(axis=1)
    parts = np.stack([agree, several - agree, sums.moved_by[:, 1], sums.moved_by[:, 0]], axis=1)
    return _over(parts, sums.n[:, None])


def pair_sign_shares(sums: Sums, one: int, other: int) -> Numbers:
    """The same of two tasks alone, (G, 4)."""
    agree, opposed = sums.agree[:, one, other], sums.conflict[:, one, other]
    alone = sums.agree[:, one, one] + sums.agree[:, other, other] - 2 * (agree + opposed)
    parts = np.stack([agree, opposed, alone, sums.n - agree - opposed - alone], axis=1)
    return _over(parts, sums.n[:, None])


def ties_shares(sums: Sums, trimmed: Sums) -> Numbers:
    """What TIES does with each task's mass Σ |τ_t|: shares kept, trimmed and out-voted, (G, T, 3).

    An update is out-voted where its sign is opposite to that of the trimmed sum; its mass is left out of the
    disjoint mean, not reversed. A sum of exactly 0 out-votes nothing here. NaN where a task changes nothing.

    Args:
        sums: Of some groups of weights, all tasks at weight 1.
        trimmed: Of the same after trimming.
    """
    parts = np.stack(
        [trimmed.l1 - trimmed.outvoted_l1, np.maximum(sums.l1 - trimmed.l1, 0.0), trimmed.outvoted_l1], axis=2
    )
    return _over(parts, sums.l1[:, :, None])


def _variance_of_sum(sums: Sums, null: Sums) -> Numbers:
    """At most this is the variance of Σ |Σ_t τ_t| with random signs, (G,).

    That of one weight is Σ_t τ_t² less its squared mean. The mean is at least √(Σ_t τ_t² / 2) (Szarek,
    Studia Mathematica 58, 1976), so at least half is subtracted. Often more: the squared means of all weights
    add up to no less than if all means were equal, and the draw shows how large they then are, give or take
    `_FAR` standard deviations of its own. A weight that one task alone changes does not vary.
    """
    energy = np.einsum("gtt->g", sums.gram)
    n_moved = sums.moved_by[:, 1:].sum(axis=1)
    least_mean = np.maximum(null.sum_l1 - _FAR * np.sqrt(energy / 2), 0.0)
    variance = np.minimum(energy / 2, energy - _known(_over(least_mean**2, n_moved)))
    return np.where(sums.moved_by[:, 2:].any(axis=1), np.maximum(variance, 0.0), 0.0)


def _tossed(opposed: Any, n: Numbers, variance: Numbers) -> Rate:
    """A share that a fair coin decides update by update, given the variance of what is shared."""
    return Rate(n, _over(opposed, n), np.where(n > 0, 0.5, np.nan), _known(_over(np.sqrt(variance), n)))


def _pairs(sums: Sums) -> tuple[Integers, Integers]:
    first, second = np.triu_indices(sums.l1.shape[1], 1)
    return first, second


def _over(part: Any, whole: Any) -> Numbers:
    """Shares; NaN where there is nothing to share."""
    part, whole = np.broadcast_arrays(np.asarray(part, np.float64), np.asarray(whole, np.float64))
    found: Numbers = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)
    return found


def _known(values: Numbers) -> Numbers:
    return np.nan_to_num(values, nan=0.0)
