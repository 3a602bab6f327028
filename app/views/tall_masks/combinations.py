"""Combinations of masks that keep the same weights, the largest of them by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.arrays import Integers
from analysis.masks.counts import MOST_PATTERNS, MaskSums
from app.views.tall_masks.listing import listing, quoted
from app.views.tall_masks.random_signs import Chance, chance, rate_beside
from app.words.numbers import count, percent

SHOWN = 20
"""Combinations that are drawn; the others are added up."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Weights that exactly these masks keep."""

    tasks: tuple[str, ...]
    """None for the weights no mask keeps."""
    n: int
    share: float
    """Of the weights some task changed."""
    by_chance: Chance | None
    """The share with random signs."""

    @property
    def hover(self) -> str:
        """What stands at the mouse over its bar."""
        null = "" if self.by_chance is None else f"\nrandom signs: {percent(self.by_chance.mean)}"
        return f"{' + '.join(self.tasks) or 'no mask'}: {percent(self.share)}{null}"


@dataclass(frozen=True, eq=False, slots=True)
class Combinations:
    """The largest combinations, and what is left."""

    shown: tuple[Combination, ...]
    rest: int
    """Further combinations that occur."""
    rest_share: float
    """Of the weights some task changed."""
    kept: tuple[float, ...]
    """Share of the weights some task changed that each mask keeps, (T,)."""


def combinations(sums: MaskSums, nulls: Sequence[MaskSums], tasks: Sequence[str]) -> Combinations:
    """The largest combinations of masks; untouched weights are in none of them.

    Args:
        sums: Of the part shown, in the first row, with patterns counted.
        nulls: The same with random signs.
        tasks: Names, (T,).
    """
    patterns = _changed(sums)
    whole = max(int(patterns.sum()), 1)
    order = np.argsort(-patterns, kind="stable")
    order = order[patterns[order] > 0]
    drawn = [_changed(one) / whole for one in nulls]  # random signs change as many weights
    rate = rate_beside(drawn, patterns / whole, whole) if drawn else None
    shown = tuple(
        Combination(
            tuple(task for t, task in enumerate(tasks) if (int(code) >> t) & 1),
            int(patterns[code]),
            float(patterns[code] / whole),
            None if rate is None else chance(rate, code),
        )
        for code in order[:SHOWN]
    )
    left = patterns[order[SHOWN:]]
    kept = tuple(float(n / whole) for n in sums.kept[0])
    return Combinations(shown, len(left), float(left.sum() / whole), kept)


def combinations_takeaway(found: Combinations) -> str:
    """The largest combination, and how much the drawn ones hold."""
    if not found.shown:
        return "No task changed these weights."
    first = found.shown[0]
    text = f"The most frequent combination is {_in_words(first, len(found.kept))}: {percent(first.share)}"
    text += " of the changed weights"
    if first.by_chance is not None:
        text += f" (random signs: {percent(first.by_chance.mean)})"
    if found.rest:
        text += f"; the {len(found.shown)} combinations shown hold {percent(1 - found.rest_share)}"
    return f"{text}."


def rest_note(found: Combinations) -> str:
    """What the combinations hold that are not drawn; empty if all are."""
    if not found.rest:
        return ""
    one = found.rest == 1
    return (
        f"{count(found.rest)} further combination{' holds' if one else 's hold'} {percent(found.rest_share)}."
    )


def refusal(n_tasks: int) -> str | None:
    """Why the combinations of so many masks are not counted; None if they are."""
    if n_tasks <= MOST_PATTERNS:
        return None
    return (
        f"Combinations are counted for at most {MOST_PATTERNS} tasks, because T tasks have 2ᵀ of them; this "
        f"zoo has {n_tasks} tasks. The overlap of each pair of masks is shown beside."
    )


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


def _in_words(one: Combination, n_tasks: int) -> str:
    if not one.tasks:
        return "no mask at all"
    if len(one.tasks) == 1:
        return f"'{one.tasks[0]}' alone"
    if len(one.tasks) == n_tasks:
        return "all masks together"
    return f"{listing(quoted(one.tasks))} together"


def _changed(sums: MaskSums) -> Integers:
    """Changed weights by the combination of masks that keeps them, (2^T,)."""
    patterns: Integers = sums.patterns[0].copy()
    patterns[0] -= sums.untouched[0]
    return patterns
