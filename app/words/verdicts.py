"""Measured differences in words, with their intervals."""

from typing import Literal

from analysis.evaluation.bootstrap import Estimate
from app.words.numbers import decimals_within, percent, signed

Verdict = Literal["above", "below", "no significant difference from"]


def verdict(difference: Estimate) -> Verdict:
    """Whether the first of two models is better or worse, as far as the 95 % interval shows."""
    if difference.low > 0:
        return "above"
    return "below" if difference.high < 0 else "no significant difference from"


def compared_with(subject: str, reference: str, difference: Estimate) -> str:
    """A clause on two models: which has the higher mean, or that neither has; with the difference.

    >>> compared_with("LiNeS", "the reversed ramp", Estimate(0.012, -0.003, 0.027))
    'no significant difference between LiNeS and the reversed ramp (+1.2 points, −0.3 to +2.7)'
    """
    side = verdict(difference)
    if side == "no significant difference from":
        clause = f"no significant difference between {subject} and {reference}"
    else:
        clause = f"{subject} is {side} {reference}"
    return f"{clause} ({points_within(difference)})"


def percent_within(share: Estimate) -> str:
    r"""A measured share with its interval, in the digits that the interval deserves.

    >>> percent_within(Estimate(0.6843, 0.6214, 0.7533)).replace("\xa0", " ")
    '68 % (62 % to 75 %)'
    """
    decimals = decimals_within(share.low, share.high)
    value, low, high = (percent(one, decimals) for one in (share.value, share.low, share.high))
    return f"{value} ({low} to {high})"


def points_within(difference: Estimate) -> str:
    """A difference of shares in percentage points with its interval, in the digits that this deserves.

    An end of the interval that is not 0 is not written as 0, or the interval would seem to reach it.

    >>> points_within(Estimate(0.012, -0.003, 0.027))
    '+1.2 points, −0.3 to +2.7'
    >>> points_within(Estimate(0.012, 0.0004, 0.024))
    '+1.20 points, +0.04 to +2.40'
    """
    ends = 100 * difference.low, 100 * difference.high
    decimals = decimals_within(difference.low, difference.high)
    while decimals < _FINEST and any(end and not round(end, decimals) for end in ends):
        decimals += 1
    value, low, high = (signed(one, decimals) for one in (100 * difference.value, *ends))
    return f"{value} points, {low} to {high}"


_FINEST = 3
"""Most decimals of a percentage point."""
