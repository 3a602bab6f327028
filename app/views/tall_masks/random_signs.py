"""Shares that random signs give, over several draws: the null beside which the charts stand."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

DRAWS = 5
"""Draws of the signs."""


@dataclass(frozen=True, slots=True)
class Chance:
    """A share under the null."""

    mean: float
    spread: float
    """Two standard deviations over the draws."""


def chance(draws: Sequence[float]) -> Chance | None:
    """Mean and spread over the draws; None without any."""
    if not draws:
        return None
    return Chance(float(np.mean(draws)), 2 * float(np.std(draws, ddof=min(1, len(draws) - 1))))
