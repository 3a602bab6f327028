"""LiNeS along β, against a constant of equal size and the reversed ramp."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from typing import Any

from analysis.evaluation.bootstrap import Estimate, bootstrap_mean_difference
from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Lines
from app.bench.runs import Run, is_correct
from app.views.lines.profile import LayerProfile
from app.views.lines.ramp import constant_of_equal_size, factors_of, has_one_ramp, reversed_ramp

KEPT = 1024
"""Differences of two runs kept at hand: a page is drawn anew far oftener than a run comes in."""


class Kind(StrEnum):
    """Kinds of scale that are compared."""

    LINES = "lines"
    CONSTANT = "constant"
    REVERSED = "reversed"


NAMES = {
    Kind.LINES: "LiNeS",
    Kind.CONSTANT: "a constant λ of equal size",
    Kind.REVERSED: "the reversed ramp",
}

SweepPoint = tuple[Kind, float]
"""Kind of scale, and the β whose ramp it is or stands beside."""

Results = Mapping[SweepPoint, Run]


def sweep_recipes(
    recipe: Recipe, scale: Lines, profile: LayerProfile, betas: Sequence[float]
) -> dict[SweepPoint, Recipe]:
    """Every kind at every β; at β = 0 they are one and the same.

    Args:
        recipe: Everything but the scale.
        scale: Its α is that of all.
        profile: Of the merge.
        betas: Positions.
    """
    recipes: dict[SweepPoint, Recipe] = {}
    for beta in betas:
        lines = replace(recipe, scale=Lines(scale.alpha, beta))
        factors = factors_of(lines, profile)
        recipes[Kind.LINES, beta] = lines
        recipes[Kind.CONSTANT, beta] = (
            lines if beta == 0 else constant_of_equal_size(recipe, profile, factors)
        )
        if has_one_ramp(profile):
            recipes[Kind.REVERSED, beta] = lines if beta == 0 else reversed_ramp(recipe, factors)
    return recipes


@lru_cache(maxsize=KEPT)
def mean_difference(run: Run, other: Run) -> Estimate:
    """Mean accuracy of a run less that of another on the same images, paired, over the tasks."""
    tasks = [score.task for score in run.tasks if score.task in other.predictions]
    return bootstrap_mean_difference(
        {task: is_correct(run.predictions[task]) for task in tasks},
        {task: is_correct(other.predictions[task]) for task in tasks},
    )


def sweep_rows(results: Results) -> list[dict[str, Any]]:
    """What is measured, as a table; accuracies 0 … 1."""
    rows = []
    for (kind, beta), run in sorted(
        results.items(), key=lambda item: (item[0][1], list(Kind).index(item[0][0]))
    ):
        same = results.get((Kind.LINES, beta))
        gap = None if same is None or kind is Kind.LINES else mean_difference(same, run)
        rows.append(
            {
                "scale": kind.value,
                "beta": beta,
                "recipe_scale": str(run.recipe.scale),
                "mean_accuracy": run.mean.accuracy,
                "low": run.mean.low,
                "high": run.mean.high,
                "lines_less_this": None if gap is None else gap.value,
                "difference_low": None if gap is None else gap.low,
                "difference_high": None if gap is None else gap.high,
            }
        )
    return rows
