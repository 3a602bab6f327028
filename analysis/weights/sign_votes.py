"""Agreement in sign of the other tasks with one task, on a few weights, against what chance gives."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.arrays import Integers, Numbers

SURE = 0.05
"""Probability with which chance alone may be taken for more or less than chance."""


@dataclass(frozen=True, slots=True)
class SignVotes:
    """Updates by other tasks of the weights that one task changes."""

    n: int
    """How many."""
    same: int
    """Those of the one task's sign."""
    p_value: float
    """Probability of a share at least as far from a half by chance; 1 without updates."""

    @property
    def side(self) -> Literal[-1, 0, 1]:
        """1 where they agree more than by chance, −1 where less, 0 where neither is clear."""
        if self.p_value >= SURE:
            return 0
        return 1 if 2 * self.same > self.n else -1


def sign_votes(deltas: Numbers, task: int) -> SignVotes:
    """Count the signs of the others, and compare them with chance.

    By chance all others that change a weight have one sign, + or − with probability 1/2, and weights are
    independent. So tasks that agree among one another, but not with this one, do not count as evidence; and
    only weights that another task changes are any.

    Args:
        deltas: Updates of some weights, (T, k).
        task: Row of the one task; it changes all of these weights.
    """
    votes = np.delete(np.sign(deltas) * np.sign(deltas[task]), task, axis=0).astype(np.int64)
    cast = np.abs(votes).sum(axis=0)
    n, balance = int(cast.sum()), int(votes.sum())
    sums, probability = _random_sums(cast[cast > 0])
    return SignVotes(n, (n + balance) // 2, min(float(probability[np.abs(sums) >= abs(balance)].sum()), 1.0))


def _random_sums(sizes: Integers) -> tuple[Integers, Numbers]:
    """Every value that Σ ±size may have, and its probability where each sign is random."""
    most = int(sizes.sum())
    probability = np.zeros(2 * most + 1)
    probability[most] = 1.0
    for size in sizes:
        probability = (np.roll(probability, size) + np.roll(probability, -size)) / 2
    return np.arange(-most, most + 1), probability
