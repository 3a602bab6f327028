"""Shares beside what chance gives: in sentences, under the mouse, and as a table."""

from collections.abc import Sequence
from typing import Any

from analysis.model.places import Place
from analysis.weights.sign_conflict import Rate
from app.words.numbers import fixed, number_or_none, percent, points

SPREAD = 1.96
"""Standard deviations to either side that hold 95 % of chance."""


def compared(one: float, other: float) -> tuple[str, str]:
    r"""Two shares, with a decimal when they are near each other or near an end.

    >>> compared(0.31, 0.58), compared(0.607, 0.63)
    (('31\xa0%', '58\xa0%'), ('60.7\xa0%', '63.0\xa0%'))
    """
    decimals = int(abs(one - other) < 0.05 or min(one, other, 1 - one, 1 - other) < 0.05)
    return percent(one, decimals), percent(other, decimals)


def rate_hover(label: str, rate: Rate) -> str:
    """What stands under the mouse at one layer's share."""
    if not rate.n:
        return f"{label}: nothing to compare"
    observed, chance = percent(float(rate.observed), 1), percent(float(rate.chance), 1)
    spread = fixed(100 * SPREAD * float(rate.sd), 1)
    return (
        f"{label}: {observed}\nchance: {chance} ± {spread} points\ndifference: {points(float(rate.excess))}"
    )


def rate_rows(places: Sequence[Place], rate: Rate) -> list[dict[str, Any]]:
    """Shares of layers beside chance, as a table."""
    return [
        {
            "tower": place.tower,
            "layer": place.label,
            "of": float(rate.n[row]),
            "observed": number_or_none(rate.observed[row]),
            "by_chance": number_or_none(rate.chance[row]),
            "sd_by_chance": number_or_none(rate.sd[row]),
        }
        for row, place in enumerate(places)
    ]
