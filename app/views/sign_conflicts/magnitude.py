"""Conflict of pairs from small updates to large ones, by the rank of the smaller of two updates."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from statistics import NormalDist
from typing import Any, Literal

import numpy as np

from analysis.weights.sign_conflict import LEAST, SURE, Rate, beyond_chance, mean_pair_conflict, pair_conflict
from analysis.weights.statistics import Sums
from app.views.sign_conflicts.beside_chance import compared
from app.views.sign_conflicts.look import Look
from app.words.numbers import count, exact_percent, number_or_none, percent

DENSITIES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
"""Shares of largest weights at whose ends bands of magnitude begin."""

ENOUGH = 0.02
"""Standard deviation by chance up to which a band has enough weights to be compared."""


@dataclass(frozen=True, eq=False, slots=True)
class Bands:
    """Conflict of pairs by magnitude: a weight lies in the band of the smaller of a pair's two updates."""

    edges: tuple[tuple[float, float], ...]
    """Density a band begins at and the one it ends at, from small to large updates."""
    rate: Rate
    """Within the band, (B,)."""
    above: Rate
    """Within the band and all larger ones: what trimming to its first density leaves, (B,)."""

    @property
    def names(self) -> list[str]:
        """The bands, for an axis."""
        names = [f"{exact_percent(first)}–{exact_percent(last)}" for first, last in self.edges]
        return [*names[:-1], f"largest {exact_percent(self.edges[-1][0])}"] if names else []


def bands(look: Look, trimmed: Sequence[tuple[float, Sums]]) -> Bands:
    """Conflict of what trimming at one density keeps and at the next no longer does.

    Trims are nested: whatever a small density keeps, a larger one keeps too. So counts of a band are
    differences.

    Args:
        look: At all pairs, or at one.
        trimmed: Sums of one part of the model by density, from 1 downwards, each (1, …).
    """
    rates = [_counted(look, sums) for _, sums in trimmed]
    n = np.array([float(rate.n[0]) for rate in rates])
    opposed = np.array([float(np.nan_to_num(rate.observed[0]) * rate.n[0]) for rate in rates])
    densities = [density for density, _ in trimmed]
    edges = tuple(zip(densities, [*densities[1:], 0.0], strict=True))
    return Bands(
        edges, _tossed(opposed - np.append(opposed[1:], 0), n - np.append(n[1:], 0)), _tossed(opposed, n)
    )


def band_hovers(found: Bands) -> list[str]:
    """What stands under the mouse at each band."""
    return [
        f"{name}: {percent(float(share), 1)} of {count(int(n))} weights" if n else f"{name}: no weights"
        for name, share, n in zip(found.names, found.rate.observed, found.rate.n, strict=True)
    ]


def kept_from(found: Bands, density: float) -> float | None:
    """Position among the bands from which trimming keeps weights; None where it trims nothing.

    0 is the middle of the first band, 0.5 its end; inside a band densities stand by their logarithms.
    """
    if density >= 1:
        return None
    starts = [first for first, _ in found.edges]
    band = max(len(starts) - bisect_left(starts[::-1], density) - 1, 0)
    first, last = found.edges[band]
    share = log(first / density) / log(first / last) if last else 0.0
    return band - 0.5 + share


def magnitude_takeaway(found: Bands, look: Look) -> str:
    """Whether conflict comes nearer to or further from chance as updates grow."""
    compared_bands = _large_enough(found)
    if len(compared_bands) < 2:
        return "Too few weights are changed by two tasks to compare small updates with large ones."
    small, large = found.rate.at(compared_bands[0]), found.rate.at(compared_bands[-1])
    names = _in_words(found.edges[compared_bands[0]]), _in_words(found.edges[compared_bands[-1]])
    shares = compared(float(small.observed), float(large.observed))
    further = further_from_chance(found)
    who = "pairs" if look.pair is None else look.subject
    comparison = (
        f"{who} conflict on {shares[1]} of {names[1]} and on {shares[0]} of {names[0]}; chance gives "
        f"{percent(0.5)}"
    )
    if further is not None:
        return f"{further.capitalize()} updates are further from chance: {comparison}."
    if not beyond_chance(found.rate.at(compared_bands), n_tests=len(compared_bands)).any():
        return (
            f"{'Pairs' if look.pair is None else who} conflict neither clearly more nor clearly less than "
            "chance, however large the updates."
        )
    return (
        "No significant difference between large and small updates in their distance from chance: "
        f"{comparison}."
    )


def further_from_chance(found: Bands) -> Literal["large", "small"] | None:
    """Whether large updates are further from chance or small ones; None where neither is clear."""
    compared_bands = _large_enough(found)
    if len(compared_bands) < 2:
        return None
    small, large = found.rate.at(compared_bands[0]), found.rate.at(compared_bands[-1])
    difference = float(abs(large.excess) - abs(small.excess))
    z = NormalDist().inv_cdf(1 - SURE / 2)
    if abs(difference) < LEAST or abs(difference) <= z * float(np.hypot(small.sd, large.sd)):
        return None
    return "large" if difference > 0 else "small"


def band_rows(found: Bands) -> list[dict[str, Any]]:
    """The bands as a table, with what trimming to their beginning leaves."""
    return [
        {
            "from_density": first,
            "to_density": last,
            "n": int(found.rate.n[k]),
            "conflict_rate": number_or_none(found.rate.observed[k]),
            "sd_by_chance": number_or_none(found.rate.sd[k]),
            "n_kept": int(found.above.n[k]),
            "conflict_rate_kept": number_or_none(found.above.observed[k]),
            "by_chance": 0.5,
        }
        for k, (first, last) in enumerate(found.edges)
    ]


def _large_enough(found: Bands) -> list[int]:
    """Bands with enough weights to be compared."""
    numbers: list[int] = np.flatnonzero((found.rate.n > 0) & (found.rate.sd <= ENOUGH)).tolist()
    return numbers


def _counted(look: Look, sums: Sums) -> Rate:
    if look.rows is None:
        return mean_pair_conflict(sums)
    return pair_conflict(sums).at((slice(None), *look.rows))


def _tossed(opposed: Any, n: Any) -> Rate:
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = np.where(n > 0, np.round(opposed) / n, np.nan)
        return Rate(n, rate, np.where(n > 0, 0.5, np.nan), np.where(n > 0, 0.5 / np.sqrt(n), 0.0))


def _in_words(edges: tuple[float, float]) -> str:
    first, last = edges
    if not last:
        return f"the largest {exact_percent(first)}"
    return (
        f"the smallest {exact_percent(1 - last)}"
        if first == 1
        else f"updates between the largest {exact_percent(last)} and {exact_percent(first)}"
    )
