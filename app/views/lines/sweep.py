"""LiNeS along β, against constants, those of equal size among them, and the reversed ramp."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Lines
from app.bench.runs import Run
from app.views.lines.best import HeldOut, best_of, held_out
from app.views.lines.comparison import NAMES, Kind, Results, SweepPoint, mean_difference
from app.views.lines.profile import LayerProfile
from app.views.lines.scales import constant_of_equal_size, factors_of, has_one_ramp, reversed_ramp
from app.words.numbers import percent
from app.words.verdicts import compared_with

N_BETAS = 11
"""Values of β that are measured, from 0 on."""


def betas_up_to(most: float) -> list[float]:
    """Equally spaced β from 0 to the largest."""
    return [round(float(beta), 4) for beta in np.linspace(0, most, N_BETAS)]


def lambdas_up_to(most: float) -> list[float]:
    """Equally spaced λ up to the largest; 0, which merges nothing, is left out."""
    return betas_up_to(most)[1:]


def sweep_recipes(
    recipe: Recipe,
    scale: Lines,
    profile: LayerProfile,
    betas: Sequence[float],
    lambdas: Sequence[float] = (),
) -> dict[SweepPoint, Recipe]:
    """Every kind at every β, where at β = 0 they are one and the same; then the free constants.

    Args:
        recipe: Everything but the scale.
        scale: Its α is that of all.
        profile: Of the merge.
        betas: Positions.
        lambdas: Constants besides those of equal size.
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
    for scaling in lambdas:
        recipes[Kind.FREE, scaling] = replace(recipe, scale=Constant(scaling))
    return recipes


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
                "beta": None if kind is Kind.FREE else beta,
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


def sweep_curves(results: Results) -> list[dict[str, Any]]:
    """One curve per kind along β, with the fields of a curve of the chart; accuracies 0 … 1."""
    return [_curve(kind, results) for kind in Kind if kind is not Kind.FREE]


def best_constant(results: Results) -> tuple[str, float] | None:
    """Name and mean accuracy of the best of all constants on all images, once a free one is measured."""
    if not any(kind is Kind.FREE for kind, _ in results):
        return None
    constants = [run for (kind, _), run in results.items() if kind in (Kind.CONSTANT, Kind.FREE)]
    best = max(constants, key=lambda run: run.mean.accuracy or 0.0)
    return f"best constant λ = {_lambda_of(best):.2g}", best.mean.accuracy or 0.0


def point_words(recipes: Mapping[SweepPoint, Recipe]) -> dict[str, SweepPoint]:
    """The points by their word in the address, which a click on the chart gives."""
    return {f"{kind}~{beta:g}": (kind, beta) for kind, beta in recipes}


def point_name(point: SweepPoint) -> str:
    """A point for a person."""
    kind, position = point
    return f"Constant λ = {position:g}" if kind is Kind.FREE else f"{NAMES[kind]}, β = {position:g}"


def sweep_takeaway(results: Results) -> str:
    """Whether the best LiNeS beats the best constant and mirror image, and which these are."""
    found = held_out(results)
    if found is None:
        return "Too little of the sweep is measured to compare."
    names = {Kind.FREE: "the best constant λ", Kind.REVERSED: "the reversed ramp"}
    compared = "; ".join(compared_with("LiNeS", names[kind], one) for kind, one in found.over.items())
    return (
        f"{compared[0].upper()}{compared[1:]}. Each is at its own best, chosen on one half of the "
        f"validation images and compared on the other{_chosen(found, results)}."
    )


def _chosen(found: HeldOut, results: Results) -> str:
    """The β of LiNeS and the λ of the constant, and where a better one may lie beyond those tried."""
    _, beta = found.chosen[Kind.LINES]
    words = f": LiNeS at β = {beta:g}"
    beyond = ["LiNeS"] if found.chosen[Kind.LINES] == found.tried[Kind.LINES][-1] else []
    if Kind.FREE in found.chosen:
        tried = [_lambda_of(results[point]) for point in found.tried[Kind.FREE]]
        taken = _lambda_of(results[found.chosen[Kind.FREE]])
        words += f", the constant at λ = {taken:.2g}, of {len(set(tried))} tried"
        beyond += ["the constant"] if taken == max(tried) else []
    if beyond:
        words += f". For {' and '.join(beyond)} that is the largest tried; a better one may lie beyond"
    return words


def _lambda_of(run: Run) -> float:
    """λ of a run of one factor for all layers: its constant, or its α under LiNeS with β = 0."""
    scale = run.recipe.scale
    if isinstance(scale, Constant):
        return scale.scaling
    alpha = scale.alpha if isinstance(scale, Lines) else None
    return (run.alpha or 0.0) if alpha is None else alpha


def best_caption(results: Results) -> str:
    """The best β on all images, those without a significant difference from it, and the other kinds there."""
    best = best_of(results, Kind.LINES)
    if best is None:
        return ""
    others = len(best.alike) - 1
    alike = (
        f" No significant difference from {others} other β, between {best.alike[0]:g} and {best.alike[-1]:g}."
        if others
        else ""
    )
    mine = results[Kind.LINES, best.beta]
    compared = [
        compared_with("LiNeS", NAMES[kind], mean_difference(mine, results[kind, best.beta]))
        for kind in (Kind.CONSTANT, Kind.REVERSED)
        if best.beta != 0 and (kind, best.beta) in results
    ]
    comparison = f" At this β: {'; '.join(compared)}." if compared else ""
    return (
        f"Best of {best.n_tried} β for LiNeS, on all images: {best.beta:g}, with a mean accuracy of "
        f"{percent(best.accuracy, 1)}.{alike}{comparison}"
    )


def _curve(kind: Kind, results: Results) -> dict[str, Any]:
    found = sorted(
        (beta, run.mean.accuracy, run.mean.low or 0.0, run.mean.high or 0.0)
        for (one, beta), run in results.items()
        if one is kind and run.mean.accuracy is not None
    )
    return {
        "word": kind.value,
        "x": [beta for beta, *_ in found],
        "mean": [mean for _, mean, _, _ in found],
        "low": [low for *_, low, _ in found],
        "high": [high for *_, high in found],
        "hover": [
            f"{NAMES[kind]}, β = {beta:g}: {percent(mean, 1)} ({percent(low, 1)} to {percent(high, 1)})"
            for beta, mean, low, high in found
        ],
    }
