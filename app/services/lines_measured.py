"""What LiNeS gains, measured: along β, for one task against the others, and layer by layer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analysis.bootstrap import Estimate, bootstrap_mean_difference
from analysis.paired_loss import paired_loss_change
from analysis.recipe import Recipe, anchor_recipe
from analysis.scaling import Constant, Curve, LayerFactors, Lines, layer_factors
from app.services.filling import Cell
from app.services.lines_profile import (
    LayerProfile,
    as_curve,
    constant_of_equal_size,
    reversed_ramp,
)
from app.services.runs import Run, accuracies, is_correct
from app.services.workbench import Workbench

LINES, CONSTANT, REVERSED = "LiNeS", "constant of equal size", "reversed ramp"
KINDS = (LINES, CONSTANT, REVERSED)
"""Scales that are compared at every β."""

OUTSIDE = "outside"

SweepPoint = tuple[str, float]
"""Kind of scale and β."""


def measured_cell(bench: Workbench, name: Any, recipe: Recipe) -> Cell[Any, Run]:
    """One recipe on all validation images of all tasks and controls."""
    return Cell(
        name,
        lambda context: bench.measure(recipe, context, n_images=None, kind="sweep"),
        lambda: bench.find(recipe, n_images=None),
    )


def sweep_recipes(
    recipe: Recipe, profile: LayerProfile, alpha: float, betas: Sequence[float]
) -> dict[SweepPoint, Recipe]:
    """LiNeS at every β, beside the constant of equal size and the reversed ramp."""
    recipes = {}
    for beta in betas:
        lines = replace(recipe, scale=Lines(alpha, beta))
        factors = layer_factors(lines.scale, profile.depths, auto_alpha=alpha)
        recipes[LINES, beta] = lines
        recipes[CONSTANT, beta] = constant_of_equal_size(recipe, profile, factors)
        recipes[REVERSED, beta] = reversed_ramp(recipe, factors)
    return recipes


def difference(run: Run, other: Run) -> Estimate:
    """Mean accuracy of a run less that of another on the same images, with its paired interval."""
    tasks = [score.task for score in run.tasks if score.task in other.predictions]
    mine = {task: is_correct(run.predictions[task]) for task in tasks}
    theirs = {task: is_correct(other.predictions[task]) for task in tasks}
    return bootstrap_mean_difference(mine, theirs)


def best_of(results: Mapping[SweepPoint, Run], kind: str) -> tuple[SweepPoint, list[SweepPoint]] | None:
    """The β with the best mean accuracy, and those of its kind not told from it; None without any."""
    own = {point: run for point, run in results.items() if point[0] == kind and run.mean.accuracy is not None}
    if not own:
        return None
    best = max(own, key=lambda point: (own[point].mean.accuracy or 0.0, -abs(point[1])))
    alike = [point for point, run in own.items() if point == best or difference(own[best], run).low <= 0]
    return best, sorted(alike)


def sweep_takeaway(results: Mapping[SweepPoint, Run]) -> str:
    """Whether the ramp beats a constant of its own size, and its mirror image, at its best β."""
    found = best_of(results, LINES)
    if found is None:
        return "Nothing of the sweep is measured yet."
    (_, beta), alike = found
    tried = sum(point[0] == LINES for point in results)
    best = results[LINES, beta]
    said = f"Best of {tried} β tried: {beta:g}, {best.mean.accuracy or 0.0:.1%}"
    if len(alike) > 1:
        low, high = alike[0][1], alike[-1][1]
        said += f", not told from {len(alike) - 1} others between {low:g} and {high:g}"
    for kind, name in ((CONSTANT, "a constant λ of equal size"), (REVERSED, "the reversed ramp")):
        if (kind, beta) in results:
            said += f". {_against(difference(best, results[kind, beta]), name)}"
    return said + "."


def trade_off_recipe(recipe: Recipe, target: str, alpha: float) -> Recipe:
    """One task alone, from its fine-tuned model (α = 1) to a ramp that spares the shallow layers (α = 0).

    Always a plain sum, in the recipe's scope: any other method would change a task that stands alone.
    """
    plain = anchor_recipe(tuple(recipe.weights), target)
    return replace(plain, scale=Lines(alpha, round(1 - alpha, 6)), scope=recipe.scope)


@dataclass(frozen=True, slots=True)
class TradeOff:
    """What one α gives and takes."""

    alpha: float
    target: float
    """Accuracy on the target over that of its fine-tuned model."""
    control: float
    """Mean over the others of accuracy over the base's."""
    is_best: bool
    """Whether no other α is better on both."""


def base_recipe(recipe: Recipe) -> Recipe:
    """The base itself, to be measured as the recipe is."""
    return replace(recipe, scale=Constant(0.0))


def trade_off(results: Mapping[float, Run], base: Run | None, target: str) -> list[TradeOff]:
    """Every measured α, from 1 to 0; tasks that the base gets none of right do not count.

    Args:
        results: Runs by α.
        base: The base on the same images.
        target: The task that is merged alone.
    """
    if base is None:
        return []
    zero_shot, values = accuracies(base.predictions), {}
    for alpha, run in results.items():
        scores = accuracies(run.predictions)
        kept = [scores[task] / zero_shot[task] for task in scores if task != target and zero_shot.get(task)]
        own = next((score.normalized_accuracy for score in run.tasks if score.task == target), None)
        if own is not None and kept:
            values[alpha] = (own, sum(kept) / len(kept))
    return [
        TradeOff(
            alpha,
            *values[alpha],
            is_best=not any(_dominates(other, values[alpha]) for other in values.values()),
        )
        for alpha in sorted(values, reverse=True)
    ]


def trade_off_takeaway(points: Sequence[TradeOff], target: str) -> str:
    """What sparing the shallow layers costs the target and saves the others, if it does."""
    if len(points) < 2:
        return "Not enough of the trade-off is measured yet."
    whole = points[0]
    kept = [point for point in points if point.target >= 0.98 * whole.target]
    best = max(kept, key=lambda point: point.control)
    if best.control > whole.control + 0.005:
        return (
            f"At α = {best.alpha:g}, {target} keeps {best.target:.1%} of its fine-tuned accuracy (whole "
            f"update: {whole.target:.1%}) and the others {best.control:.1%} of zero-shot instead of "
            f"{whole.control:.1%}."
        )
    return (
        f"No α keeps 98 % of what the whole update gives {target} and spares the others more: they have "
        f"{whole.control:.1%} of zero-shot at α = 1."
    )


def layers_of(factors: LayerFactors) -> list[str]:
    """Layers that can be removed: everything outside the blocks, then each block."""
    return [OUTSIDE, *map(str, range(len(as_curve(factors).blocks)))]


def without_layer(recipe: Recipe, factors: LayerFactors, layer: str) -> Recipe:
    """The recipe with one layer's update left out."""
    curve = as_curve(factors)
    if layer == OUTSIDE:
        return replace(recipe, scale=Curve(0.0, curve.blocks))
    blocks = tuple(0.0 if str(k) == layer else value for k, value in enumerate(curve.blocks))
    return replace(recipe, scale=Curve(curve.outside, blocks))


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What one task loses without one layer's update."""

    layer: str
    task: str
    loss: Estimate
    """Mean loss without the layer less mean loss with it, nats; > 0 where the layer helps."""
    accuracy: float
    """Change of accuracy without it, −1 … 1."""
    n: int

    @property
    def is_clear(self) -> bool:
        """Whether the change of the loss is told from none at 95 %."""
        return self.loss.low > 0 or self.loss.high < 0


def sensitivities(results: Mapping[str, Run], tasks: Sequence[str]) -> list[Sensitivity]:
    """What each task loses without each measured layer, against the whole merge under the name ''."""
    whole = results.get("")
    if whole is None:
        return []
    found = []
    for layer, run in results.items():
        for task in tasks:
            if not layer or task not in run.predictions:
                continue
            mine, theirs = run.predictions[task], whole.predictions[task]
            change = float(is_correct(mine).mean() - is_correct(theirs).mean())
            loss = paired_loss_change(theirs.log_prob, mine.log_prob)
            found.append(Sensitivity(layer, task, loss, change, len(mine.labels)))
    return found


def sensitivity_takeaway(found: Sequence[Sensitivity]) -> str:
    """Which layer the tasks miss most, and whether any is better left out."""
    if not found:
        return "No layer is measured yet."
    layers = list(dict.fromkeys(one.layer for one in found))
    clear = [one for one in found if one.is_clear]
    if not clear:
        return f"No layer's update is told from none on these images: all {len(found)} intervals hold 0."
    mean = {
        layer: sum(one.loss.value for one in found if one.layer == layer)
        / sum(one.layer == layer for one in found)
        for layer in layers
    }
    most = max(mean, key=lambda layer: mean[layer])
    hurting = sum(one.loss.high < 0 for one in found)
    name = "what lies outside the blocks" if most == OUTSIDE else f"block {most}"
    said = f"The tasks miss {name} most: without it the mean loss grows by {mean[most]:.3f} nats."
    if hurting:
        said += f" {hurting} of {len(found)} cells are clearly better without their layer."
    return said


def _against(found: Estimate, name: str) -> str:
    points = f"{100 * found.value:+.1f} points ({100 * found.low:+.1f} to {100 * found.high:+.1f})"
    verdict = "above" if found.low > 0 else "below" if found.high < 0 else "not told from"
    return f"It is {verdict} {name}: {points}".replace("-", "−")


def _dominates(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] >= other[0] and one[1] >= other[1] and one != other
