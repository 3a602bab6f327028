"""A measured difference in words."""

from analysis.evaluation.bootstrap import Estimate


def verdict(difference: Estimate) -> str:
    """Which of two models is better, as far as the interval tells."""
    return "above" if difference.low > 0 else "below" if difference.high < 0 else "not told from"


def points(difference: Estimate) -> str:
    """A difference of accuracies in percentage points, with its interval.

    >>> points(Estimate(0.012, -0.003, 0.027))
    '+1.2 points, −0.3 to +2.7'
    """
    value, low, high = (f"{100 * one:+.1f}" for one in (difference.value, difference.low, difference.high))
    return f"{value} points, {low} to {high}".replace("-", "−")
