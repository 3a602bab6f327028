"""Weight-disentanglement error: the share of answers that adding one task changes for the other.

    ξ(α₁, α₂) = Σ_t P[ f(x; θ_0 + α_t τ_t) ≠ f(x; θ_0 + α₁ τ₁ + α₂ τ₂) ],  x from task t

Source: Ortiz-Jimenez et al., NeurIPS 2023, arXiv:2305.12827.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import Constant
from app.bench.measuring.measured_runs import QUICK_SAMPLE, RunKey
from app.bench.runs import Run
from app.bench.workbench import Workbench
from app.work.measurement import Measurement

Point = tuple[float, float]
"""α₁ and α₂; an α of 0 leaves its task out."""

SPAN = (-1.0, 2.0)
"""Range of both α."""

CALM = 0.1
"""ξ up to which two tasks count as leaving each other alone: a twentieth of either's answers."""


def axis(n_steps: int) -> tuple[float, ...]:
    """Values of α, ascending; finer grids hold the coarser ones' values."""
    return tuple(round(float(value), 6) for value in np.linspace(*SPAN, n_steps))


def disentanglement_runs(
    bench: Workbench, pair: tuple[str, str], n_steps: int, *, n_images: int = QUICK_SAMPLE
) -> dict[Point, Measurement[RunKey, Run]]:
    """Every merge of the grid; those of one task first, since all others are compared with them."""
    grid = axis(n_steps)
    alone = {(a, 0.0) for a in grid} | {(0.0, b) for b in grid}
    both = [(a, b) for a in grid for b in grid if (a, b) not in alone]
    return {point: _run(bench, pair, point, n_images) for point in (*sorted(alone), *both)}


def disentanglement_error(results: Mapping[Point, Run], pair: tuple[str, str], point: Point) -> float | None:
    """ξ at one point, 0 … 2; None until its three merges are measured."""
    merged = results.get(point)
    alone = results.get((point[0], 0.0)), results.get((0.0, point[1]))
    if merged is None or alone[0] is None or alone[1] is None:
        return None
    return sum(
        float((merged.predictions[task].prediction != one.predictions[task].prediction).mean())
        for task, one in zip(pair, (alone[0], alone[1]), strict=True)
    )


def disentanglement_errors(
    results: Mapping[Point, Run], pair: tuple[str, str], n_steps: int
) -> dict[Point, float]:
    """ξ at every point of a grid whose merges are measured."""
    grid = axis(n_steps)
    found = {(a, b): disentanglement_error(results, pair, (a, b)) for a in grid for b in grid}
    return {point: error for point, error in found.items() if error is not None}


def disentanglement_rows(errors: Mapping[Point, float]) -> list[dict[str, Any]]:
    """The landscape as a table: one row per measured point."""
    return [{"alpha_1": a, "alpha_2": b, "xi": error} for (a, b), error in errors.items()]


def disentanglement_takeaway(errors: Mapping[Point, float], here: Point | None) -> str:
    """Where in the usual square [0, 1]² the two leave each other's answers alone, and where the lab stands.

    The origin, where both models are the base, does not count.
    """
    inside = {
        point: error for point, error in errors.items() if min(point) >= 0 and max(point) <= 1 and any(point)
    }
    if not inside:
        return "No point with both α between 0 and 1 is measured yet."
    worst = max(inside, key=lambda point: inside[point])
    calm = sum(error <= CALM for error in inside.values())
    square = (
        f"With both α between 0 and 1, the tasks leave each other's answers alone (ξ of at most {CALM:g}) at "
        f"{calm} of {len(inside)} points. ξ is largest at {_at(worst)}: {inside[worst]:.2f}."
    )
    if here is None:
        return f"{square} The lab's recipe has no single coefficient for a whole task, so it is not marked."
    if not all(SPAN[0] <= alpha <= SPAN[1] for alpha in here):
        return f"{square} The lab's coefficients, {_at(here)}, lie outside the measured range."
    near = min(errors, key=lambda point: (point[0] - here[0]) ** 2 + (point[1] - here[1]) ** 2)
    return f"{square} At {_at(near)}, nearest to the lab's coefficients, ξ is {errors[near]:.2f}."


def uncertainty(results: Mapping[Point, Run], pair: tuple[str, str]) -> str:
    """How many images ξ is measured on, and how far it may be off; empty while nothing is measured."""
    n = images_of(results, pair)
    if n is None:
        return ""
    # A share of n answers is uncertain by at most 1.96 · √(¼ / n).
    half = 0.98 * (1 / n[0] + 1 / n[1]) ** 0.5
    return (
        f"Measured on {n[0]} images of '{pair[0]}' and {n[1]} of '{pair[1]}': any ξ is uncertain by up to "
        f"± {half:.2f} (95 %)."
    )


def images_of(results: Mapping[Point, Run], pair: tuple[str, str]) -> tuple[int, int] | None:
    """How many images of each task ξ is measured on; None while nothing is."""
    run = next(iter(results.values()), None)
    if run is None:
        return None
    first, second = (len(run.predictions[task].labels) for task in pair)
    return first, second


def lab_point(recipe: Recipe, pair: Sequence[str]) -> Point | None:
    """α of the pair under a recipe; None where it has no one factor for a whole task vector."""
    method, merged = merge_method_named(recipe.method), [task for task, w in recipe.weights.items() if w]
    if method.coefficients is None or not isinstance(recipe.scale, Constant):
        return None
    weights = torch.tensor([recipe.weights[task] for task in merged], dtype=torch.float64)
    factors = dict(zip(merged, method.coefficients(weights).tolist(), strict=True)) if merged else {}
    first, second = (round(recipe.scale.scaling * factors.get(task, 0.0), 6) for task in pair)
    return first, second


def _at(point: Point) -> str:
    return f"({point[0]:g}, {point[1]:g})"


def _run(bench: Workbench, pair: tuple[str, str], point: Point, n_images: int) -> Measurement[RunKey, Run]:
    weights = dict.fromkeys(bench.tasks, 0.0) | dict(zip(pair, point, strict=True))
    recipe = Recipe.from_mapping({"scaling": 1.0, "weights": weights}, tasks=bench.tasks)
    return bench.run(recipe, n_images=n_images, kind="sweep", tasks=pair)
