"""Score interval of a mean over tasks, which keeps its width where nearly all images have one outcome.

A resample of images that are all right is all right: a bootstrap cannot show what they leave open. A score
interval holds every mean that a score test does not reject, with the variance that the outcomes would have
at that mean, as Wilson's and Tango's do for one task; both are special cases of this one.

Sources: Wilson, JASA 22 (1927); Miettinen and Nurminen, Statistics in Medicine 4 (1985), for strata and the
most likely outcomes at a supposed mean; Tango, Statistics in Medicine 17 (1998), for paired outcomes.
"""

from functools import lru_cache
from math import sqrt
from statistics import NormalDist

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.evaluation.intervals import Interval

_STEPS = 12
"""Of Newton's, each of which doubles the digits once it is near."""
_NOTHING = 1e-12
"""A distance of means that is none: a weak pull moves no image where all have one outcome."""
_Z = NormalDist().inv_cdf(0.975)


_KEPT = 1024
"""Intervals at hand: a page that is drawn again asks for the same ones."""


def score_interval(counts: Integers, values: Numbers) -> Interval:
    """The 95 % score interval of the mean over the tasks of the mean value of an image.

    Args:
        counts: Images of each task by outcome, (T, K); every task has some.
        values: What an outcome is worth in each task, (T, K); what no image has is an outcome too.
    """
    return _interval(tuple(map(tuple, counts.tolist())), tuple(map(tuple, values.tolist())))


@lru_cache(_KEPT)
def _interval(counts: tuple[tuple[int, ...], ...], values: tuple[tuple[float, ...], ...]) -> Interval:
    images, worth = np.array(counts), np.array(values, dtype=np.float64)
    return Interval(0.0 - _upper(images, -worth), _upper(images, worth))  # no −0.0


def _upper(counts: Integers, values: Numbers) -> float:
    """The largest mean that is not rejected."""
    from scipy.optimize import brentq  # here: it takes a quarter of a second, and few intervals need it

    n = counts.sum(axis=1)
    measured = _mean(counts / n[:, None], values)
    if measured >= values.max(axis=1).mean():
        return measured

    def excess(pull: float) -> float:
        """Distance of a supposed mean from the measured one, less the largest that is not rejected."""
        shares = _most_likely(counts, values, pull)
        variance = (values**2 * shares).sum(axis=1) - (values * shares).sum(axis=1) ** 2
        spread = sqrt(float((variance.clip(min=0.0) / n).sum())) / len(n)
        return _mean(shares, values) - measured - _Z * spread - _NOTHING

    rejected = 1.0
    while excess(rejected) < 0:
        rejected *= 2
    pull = brentq(excess, 0.0, rejected, xtol=1e-12, rtol=1e-12)
    return _mean(_most_likely(counts, values, pull), values)


def _most_likely(counts: Integers, values: Numbers, pull: float) -> Numbers:
    """The shares of outcomes that are most likely among those of equal mean, (T, K).

    They maximise Σ c log p + pull · Σ v p in every task, so p = c / (λ − pull · v) with λ such that they add
    up to 1. Where λ would be too small for the most valuable outcome, no image has it and it takes the rest.
    """
    best = values.argmax(axis=1)[:, None]
    below = pull * (np.take_along_axis(values, best, axis=1) - values)  # what λ exceeds: least − pull · v
    above = (counts - below).max(axis=1, keepdims=True).clip(min=0.0)  # λ − least, from its smaller side
    for _ in range(_STEPS):  # Newton's on a convex sum: it never passes the root
        each = np.divide(counts, above + below, out=np.zeros_like(below), where=counts > 0)
        slope = np.divide(each, above + below, out=np.zeros_like(below), where=counts > 0).sum(
            axis=1, keepdims=True
        )
        above = above + np.divide(each.sum(axis=1, keepdims=True) - 1, slope).clip(min=0.0)
    shares: Numbers = np.divide(counts, above + below, out=np.zeros_like(below), where=counts > 0)
    rest = 1 - shares.sum(axis=1, keepdims=True)
    np.put_along_axis(shares, best, np.take_along_axis(shares, best, axis=1) + rest, axis=1)
    return shares


def _mean(shares: Numbers, values: Numbers) -> float:
    return float((shares * values).sum(axis=1).mean())
