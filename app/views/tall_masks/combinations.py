"""Which masks keep weights together: the largest combinations, and every two of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.masks.counts import MaskSums
from analysis.weights.sign_conflict import Rate, beyond_chance
from app.views.tall_masks.counts import Chance, chance
from app.words.numbers import number_or_none, percent

SHOWN = 20
"""Combinations that are drawn; the others are added up."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Weights that exactly these masks keep."""

    tasks: tuple[str, ...]
    """None for the weights no mask keeps."""
    n: int
    share: float
    """Of the weights some task moved."""
    by_chance: Chance | None
    """The share with signs drawn anew."""


@dataclass(frozen=True, eq=False, slots=True)
class Combinations:
    """The largest combinations, and what is left."""

    shown: tuple[Combination, ...]
    rest: int
    """Further combinations that occur."""
    rest_share: float
    """Of the weights some task moved."""
    kept: tuple[float, ...]
    """Share of the weights some task moved that each mask keeps, (T,)."""


@dataclass(frozen=True, eq=False, slots=True)
class Overlap:
    """Intersection over union of every two masks; NaN where both keep nothing."""

    tasks: tuple[str, ...]
    measured: Numbers
    """(T, T)."""
    independent: Numbers
    """What masks of these densities would give if one said nothing about the other, (T, T)."""
    random_signs: Numbers | None
    """With signs drawn anew, mean of the draws, (T, T); None before they are there."""
    sd: Numbers
    """Standard deviation of the distance between the measured and these under the null, (T, T)."""


def combinations(sums: MaskSums, nulls: Sequence[MaskSums], tasks: Sequence[str]) -> Combinations:
    """The largest combinations of masks; untouched weights are in none of them.

    Args:
        sums: Of the part shown, in the first row, with patterns counted.
        nulls: The same with signs drawn anew.
        tasks: Names, (T,).
    """
    patterns = _moved(sums)
    whole = max(int(patterns.sum()), 1)
    order = np.argsort(-patterns, kind="stable")
    order = order[patterns[order] > 0]
    null_patterns = [_moved(one) for one in nulls]
    shown = tuple(
        Combination(
            tuple(task for t, task in enumerate(tasks) if (int(code) >> t) & 1),
            int(patterns[code]),
            float(patterns[code] / whole),
            chance([float(one[code] / max(one.sum(), 1)) for one in null_patterns]),
        )
        for code in order[:SHOWN]
    )
    left = patterns[order[SHOWN:]]
    kept = tuple(float(n / whole) for n in sums.kept[0])
    return Combinations(shown, len(left), float(left.sum() / whole), kept)


def combinations_takeaway(found: Combinations) -> str:
    """The largest combination, and how much the drawn ones hold."""
    if not found.shown:
        return "No task moved these weights."
    first = found.shown[0]
    who = {0: "no mask at all", 1: f"{first.tasks[0]} alone" if first.tasks else ""}.get(
        len(first.tasks),
        "all masks together" if len(first.tasks) == len(found.kept) else f"{', '.join(first.tasks)} together",
    )
    text = f"The largest combination is {who}, {percent(first.share)} of the weights"
    if first.by_chance is not None:
        text += f" (random signs: {percent(first.by_chance.mean)})"
    if not found.rest:
        return f"{text}."
    return f"{text}; the {len(found.shown)} shown hold {percent(1 - found.rest_share)}."


def combination_rows(found: Combinations) -> list[dict[str, Any]]:
    """The combinations as a table."""
    return [
        {
            "kept by": ", ".join(one.tasks) or "no mask",
            "masks": len(one.tasks),
            "weights": one.n,
            "share": one.share,
            "share, random signs": None if one.by_chance is None else one.by_chance.mean,
            "2 sd": None if one.by_chance is None else one.by_chance.spread,
        }
        for one in found.shown
    ]


def overlap(sums: MaskSums, nulls: Sequence[MaskSums], tasks: Sequence[str]) -> Overlap:
    """Intersection over union, |m_i & m_j| / |m_i | m_j|, of the part in the first row.

    Independent masks keep a weight together as often as the product of their densities says.
    """
    density = sums.kept[0] / max(int(sums.moved[0].sum()), 1)
    together = np.outer(density, density)
    independent = _over_union(together, density)
    np.fill_diagonal(independent, np.where(density > 0, 1.0, np.nan))
    drawn = [_over_union(one.both[0].astype(np.float64), one.kept[0].astype(np.float64)) for one in nulls]
    both, kept = sums.both[0].astype(np.float64), sums.kept[0].astype(np.float64)
    mean = np.asarray(np.mean(drawn, axis=0)) if drawn else np.full_like(both, np.nan)
    union = np.maximum(kept[:, None] + kept[None] - both, 1.0)
    return Overlap(
        tuple(tasks),
        _over_union(both, kept),
        independent,
        mean if drawn else None,
        np.sqrt(mean * (1 - mean) / union * (1 + 1 / max(len(drawn), 1))),
    )


def overlap_takeaway(found: Overlap) -> str:
    """Which masks overlap most, or furthest beyond what random signs give once those are there."""
    n = len(found.tasks)
    pairs = [(i, j) for i in range(n) for j in range(i) if not np.isnan(found.measured[i, j])]
    if not pairs:
        return "There are no two masks to compare."
    if found.random_signs is None:
        j, i = max(pairs, key=lambda pair: found.measured[pair])
        return (
            f"{found.tasks[i]} and {found.tasks[j]} overlap most, {percent(float(found.measured[i, j]))}; "
            f"independent masks of their densities would by {percent(float(found.independent[i, j]))}."
        )
    rate = Rate(np.ones_like(found.sd), found.measured, found.random_signs, found.sd)
    verdicts = beyond_chance(rate, n_tests=len(pairs))
    clear = [pair for pair in pairs if verdicts[pair]]
    if not clear:
        return "No two masks clearly overlap more, or less, than these magnitudes do with random signs."
    j, i = max(clear, key=lambda pair: abs(rate.excess[pair]))
    return (
        f"{len(clear)} of {len(pairs)} pairs of masks overlap clearly more or less than with random signs, "
        f"furthest {found.tasks[i]} and {found.tasks[j]}: {percent(float(found.measured[i, j]))} where these "
        f"magnitudes give {percent(float(found.random_signs[i, j]))}, and independent masks of their "
        f"densities {percent(float(found.independent[i, j]))}."
    )


def overlap_rows(found: Overlap) -> list[dict[str, Any]]:
    """The overlaps as a table."""
    n = len(found.tasks)
    return [
        {
            "task_a": found.tasks[a],
            "task_b": found.tasks[b],
            "overlap": number_or_none(found.measured[a, b]),
            "independent": number_or_none(found.independent[a, b]),
            "random signs": None if found.random_signs is None else number_or_none(found.random_signs[a, b]),
        }
        for a in range(n)
        for b in range(a + 1, n)
    ]


def _moved(sums: MaskSums) -> Integers:
    """Weights some task moved by the combination of masks that keeps them, (2^T,)."""
    patterns: Integers = sums.patterns[0].copy()
    patterns[0] -= sums.untouched[0]
    return patterns


def _over_union(both: Numbers, kept: Numbers) -> Numbers:
    union = kept[:, None] + kept[None] - both
    return np.asarray(np.divide(both, union, out=np.full_like(both, np.nan), where=union > 0))
