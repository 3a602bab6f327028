"""Shares of weights beside those that random signs give, over several draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.weights.sign_conflict import Rate

DRAWS = 5
"""Draws of the signs."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A share under the null."""

    mean: float
    spread: float
    """Two standard deviations of the distance between the share and this mean."""


def rate_beside(draws: Sequence[Numbers], observed: Numbers, n: Integers | Numbers | int) -> Rate:
    """Shares beside the mean of those with random signs, of as many weights.

    Under the null the share and the draws have one mean, and their spread is at most that of coins which
    fall with this probability. Both together tell it best; one weight more on either side keeps the spread
    of a few weights from vanishing.

    Args:
        draws: The shares with random signs, one draw at least, each of one shape.
        observed: The shares, of the same shape.
        n: Weights that each is a share of; it broadcasts.
    """
    n, d = np.broadcast_to(np.asarray(n, dtype=np.float64), observed.shape), len(draws)
    mean = np.asarray(np.mean(draws, axis=0))
    p = (n * (observed + d * mean) + 1) / (n * (1 + d) + 2)
    sd = np.sqrt(p * (1 - p) / np.maximum(n, 1.0) * (1 + 1 / d))
    return Rate(n, observed, mean, np.asarray(sd))


def chance(rate: Rate, index: Any) -> Chance:
    """One share's null."""
    return Chance(float(rate.chance[index]), 2 * float(rate.sd[index]))
