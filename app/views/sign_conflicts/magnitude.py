"""Whether large moves conflict more than small ones: pairs of tasks, by the rank of the smaller move."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np

from analysis.weights.sign_conflict import LEAST, SURE, Rate, beyond_chance, mean_pair_conflict, pair_conflict
from analysis.weights.statistics import Sums
from app.views.sign_conflicts.beside_chance import compared
from app.views.sign_conflicts.look import Look
from app.words.numbers import exact_percent, number_or_none, percent

DENSITIES = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
"""Shares of largest weights at whose ends bands of magnitude begin."""

ENOUGH = 0.02
"""Standard deviation by chance up to which a band has enough weights to be spoken of."""


@dataclass(frozen=True, eq=False, slots=True)
class Bands:
    """Conflict of pairs by magnitude: a weight lies in the band of the smaller of a pair's two moves."""

    edges: tuple[tuple[float, float], ...]
    """Density a band begins at and the one it ends at, from small to large moves."""
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
    """Tell apart what trimming at one density keeps and at the next no longer does.

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


def magnitude_takeaway(found: Bands, look: Look) -> str:
    """Whether conflict comes nearer to or further from chance as moves grow."""
    who, subject = ("pairs", "Pairs") if look.pair is None else (look.subject, look.subject)
    told = [k for k in range(len(found.edges)) if found.rate.n[k] and found.rate.sd[k] <= ENOUGH]
    if len(told) < 2:
        return "Too few weights are moved by two tasks to tell small moves from large ones."
    small, large = found.rate.at(told[0]), found.rate.at(told[-1])
    names = _in_words(found.edges[told[0]]), _in_words(found.edges[told[-1]])
    shares = compared(float(small.observed), float(large.observed))
    difference = float(abs(large.excess) - abs(small.excess))
    z = NormalDist().inv_cdf(1 - SURE / 2)
    said = f"{who} conflict on {shares[1]} of {names[1]} and on {shares[0]} of {names[0]}"
    if abs(difference) >= LEAST and abs(difference) > z * float(np.hypot(small.sd, large.sd)):
        away = (
            "Large moves are further from chance" if difference > 0 else "Small moves are further from chance"
        )
        return f"{away}: {said}; chance gives {percent(0.5)}."
    if not beyond_chance(found.rate.at(told), n_tests=len(told)).any():
        return (
            f"{subject} conflict neither clearly more nor clearly less than chance, however large the moves."
        )
    return (
        f"No significant difference between large and small moves in their distance from chance: {said}; "
        f"chance gives {percent(0.5)}."
    )


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
        else f"moves between the largest {exact_percent(last)} and {exact_percent(first)}"
    )
