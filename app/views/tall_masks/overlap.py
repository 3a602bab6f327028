"""Overlaps of each pair of masks, beside independent masks and random signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from analysis.masks.counts import MaskSums
from analysis.weights.sign_conflict import Rate, beyond_chance
from app.views.tall_masks.random_signs import rate_beside
from app.words.numbers import number_or_none, percent, percent_or_dash


@dataclass(frozen=True, eq=False, slots=True)
class Overlap:
    """Intersection over union of each pair of masks; NaN where both keep nothing."""

    tasks: tuple[str, ...]
    measured: Numbers
    """(T, T)."""
    independent: Numbers
    """What independent masks of these densities would give, (T, T)."""
    rate: Rate | None
    """The measured beside the mean of those with random signs, (T, T); None before they are there."""

    @property
    def random_signs(self) -> Numbers | None:
        """That mean, (T, T)."""
        return None if self.rate is None else self.rate.chance


def overlap(sums: MaskSums, nulls: Sequence[MaskSums], tasks: Sequence[str]) -> Overlap:
    """Intersection over union, |m_i & m_j| / |m_i | m_j|, of the part in the first row.

    Independent masks both keep a weight as often as the product of their densities.
    """
    density = sums.kept[0] / max(int(sums.moved[0].sum()), 1)
    together = np.outer(density, density)
    independent = _over_union(together, density)
    np.fill_diagonal(independent, np.where(density > 0, 1.0, np.nan))
    drawn = [_over_union(one.both[0].astype(np.float64), one.kept[0].astype(np.float64)) for one in nulls]
    both, kept = sums.both[0].astype(np.float64), sums.kept[0].astype(np.float64)
    measured = _over_union(both, kept)
    rate = rate_beside(drawn, measured, kept[:, None] + kept[None] - both) if drawn else None
    return Overlap(tuple(tasks), measured, independent, rate)


def overlap_takeaway(found: Overlap) -> str:
    """Which masks overlap most, or furthest beyond what random signs give once those are there."""
    pairs = _pairs(found)
    if not pairs:
        return "There are no two masks to compare."
    if found.rate is None:
        j, i = max(pairs, key=lambda pair: found.measured[pair])
        return (
            f"The masks of '{found.tasks[i]}' and '{found.tasks[j]}' overlap most: "
            f"{percent(float(found.measured[i, j]))}, against {percent(float(found.independent[i, j]))} for "
            "independent masks of the same densities."
        )
    clear, excess = pairs_apart(found), found.rate.excess
    if not clear:
        return "No pair of masks overlaps clearly more or less than with random signs."
    j, i = max(clear, key=lambda pair: abs(excess[pair]))
    return (
        f"{len(clear)} of {len(pairs)} pairs of masks {'overlaps' if len(clear) == 1 else 'overlap'} clearly "
        f"more or less than with random signs; '{found.tasks[i]}' and '{found.tasks[j]}' differ most: "
        f"{percent(float(found.measured[i, j]))}, against {percent(float(found.rate.chance[i, j]))} with "
        f"random signs and {percent(float(found.independent[i, j]))} for independent masks of the same "
        "densities."
    )


def pairs_apart(found: Overlap) -> list[tuple[int, int]]:
    """Pairs of masks that overlap clearly more or less than with random signs, all looked at together."""
    if found.rate is None:
        return []
    pairs = _pairs(found)
    verdicts = beyond_chance(found.rate, n_tests=len(pairs))
    return [pair for pair in pairs if verdicts[pair]]


def overlap_cells(found: Overlap) -> list[list[float | None]]:
    """What the chart colours: measured below the diagonal, of independent masks above it, on one scale."""
    n = len(found.tasks)
    return [
        [
            None if a == b else number_or_none(found.measured[a, b] if b < a else found.independent[a, b])
            for b in range(n)
        ]
        for a in range(n)
    ]


def overlap_hovers(found: Overlap) -> list[list[str]]:
    """What stands at the mouse over each cell; nothing on the diagonal."""
    n = len(found.tasks)
    return [["" if a == b else _hover(found, a, b) for b in range(n)] for a in range(n)]


def _hover(found: Overlap, a: int, b: int) -> str:
    lines = [
        f"'{found.tasks[a]}' and '{found.tasks[b]}': {percent_or_dash(found.measured[a, b], 1)}",
        f"independent masks: {percent_or_dash(found.independent[a, b], 1)}",
    ]
    if found.random_signs is not None:
        lines.append(f"random signs: {percent_or_dash(found.random_signs[a, b], 1)}")
    return "\n".join(lines)


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


def _pairs(found: Overlap) -> list[tuple[int, int]]:
    n = len(found.tasks)
    return [(i, j) for i in range(n) for j in range(i) if not np.isnan(found.measured[i, j])]


def _over_union(both: Numbers, kept: Numbers) -> Numbers:
    union = kept[:, None] + kept[None] - both
    return np.asarray(np.divide(both, union, out=np.full_like(both, np.nan), where=union > 0))
