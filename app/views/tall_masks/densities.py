"""Densities of the masks: the share of the weights each keeps, beside random signs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis.masks.counts import MaskSums
from app.words.numbers import count, percent


@dataclass(frozen=True, slots=True)
class Density:
    """One mask."""

    task: str
    tall_lambda: float
    kept: int
    """Weights."""
    density: float
    """Of all weights in scope, untouched ones among them, in [0, 1]."""
    by_chance: float | None
    """With random signs, mean of the draws."""

    @property
    def hover(self) -> str:
        """What stands at the mouse over its bar."""
        return f"'{self.task}' at λ = {self.tall_lambda:g}: keeps {count(self.kept)} weights"


def densities(
    sums: MaskSums, nulls: Sequence[MaskSums], tasks: Sequence[str], tall_lambda: Sequence[float]
) -> tuple[Density, ...]:
    """The masks of the part shown, which is the first row."""
    n = max(int(sums.n[0]), 1)
    return tuple(
        Density(
            task,
            tall_lambda[row],
            int(sums.kept[0, row]),
            float(sums.kept[0, row] / n),
            sum(float(one.kept[0, row] / n) for one in nulls) / len(nulls) if nulls else None,
        )
        for row, task in enumerate(tasks)
    )


def densities_takeaway(found: Sequence[Density]) -> str:
    """Which mask is densest and which sparsest, beside random signs."""
    dense, sparse = max(found, key=lambda one: one.density), min(found, key=lambda one: one.density)
    low, high = percent(sparse.density), percent(dense.density)
    if low == high:
        return f"Every mask keeps {high} of the weights{_beside(dense)}."
    return (
        f"The mask of '{dense.task}' keeps the most weights, {high}{_beside(dense)}; that of "
        f"'{sparse.task}' keeps the fewest, {low}{_beside(sparse)}."
    )


def _beside(one: Density) -> str:
    return "" if one.by_chance is None else f" (random signs: {percent(one.by_chance)})"


def density_rows(found: Sequence[Density]) -> list[dict[str, Any]]:
    """The densities as a table."""
    return [
        {
            "task": one.task,
            "λ": one.tall_lambda,
            "weights kept": one.kept,
            "density": one.density,
            "density, random signs": one.by_chance,
        }
        for one in found
    ]
