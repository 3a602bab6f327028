"""Worth of each layer's update in a merge: the merge measured with and without it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import sqrt
from statistics import NormalDist
from typing import Any

from analysis.evaluation.bootstrap import Estimate
from analysis.evaluation.intervals import PairedDifference, holm, paired_difference
from analysis.evaluation.paired_loss import LossChange, paired_loss_change
from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Curve
from app.bench.runs import CLEAR, Run, is_correct
from app.session.layer_scaling import OUTSIDE
from app.words.change_cells import ChangeCells
from app.words.numbers import likelihood, points, signed

WHOLE = "whole"
"""Cell of the merge with all layers."""


def layer_recipes(recipe: Recipe, curve: Curve) -> dict[str, Recipe]:
    """The merge, then the merge without each layer.

    The whole is written as a curve as well, so that a layer without an update changes no bit.
    """
    recipes = {WHOLE: replace(recipe, scale=curve), OUTSIDE: replace(recipe, scale=Curve(0.0, curve.blocks))}
    for layer in range(len(curve.blocks)):
        blocks = tuple(0.0 if k == layer else factor for k, factor in enumerate(curve.blocks))
        recipes[str(layer)] = replace(recipe, scale=Curve(curve.outside, blocks))
    return recipes


@dataclass(frozen=True, slots=True)
class LayerWorth:
    """What one layer's update does for one task."""

    layer: str
    task: str
    loss: LossChange
    """Mean loss without the layer less mean loss with it, nats; > 0 where the layer helps."""
    accuracy: PairedDifference
    """Accuracy with the layer less accuracy without; > 0 where the layer helps."""
    adjusted_loss_p: float
    """p-value of the loss after Holm's correction over all cells."""
    adjusted_p: float
    """McNemar's mid-p value of the accuracy, corrected likewise."""

    @property
    def is_clear(self) -> bool:
        """Whether the change of the loss is significant."""
        return self.adjusted_loss_p < CLEAR

    @property
    def hover(self) -> str:
        """Both changes in words, with the loss's interval."""
        return (
            f"'{self.task}' without {_layer_name(self.layer)}: "
            f"{likelihood(self.loss.value, 3, (self.loss.low, self.loss.high))}, accuracy "
            f"{points(-self.accuracy.difference)}, {self.accuracy.n} images"
        )


def layer_worths(results: Mapping[str, Run], tasks: Sequence[str]) -> list[LayerWorth]:
    """Every measured layer for every task, layers in the order measured.

    Args:
        results: Runs by layer left out, that of the whole merge under `WHOLE`.
        tasks: In the order wanted.
    """
    whole = results.get(WHOLE)
    if whole is None:
        return []
    found = [
        (layer, task, *_differences(run, whole, task))
        for layer, run in results.items()
        for task in tasks
        if layer != WHOLE and task in run.predictions
    ]
    losses = holm([loss.p_value for _, _, loss, _ in found])
    accuracies = holm([accuracy.p_value for *_, accuracy in found])
    return [LayerWorth(*one, *adjusted) for one, *adjusted in zip(found, losses, accuracies, strict=True)]


def mean_worth(found: Sequence[LayerWorth]) -> dict[str, Estimate]:
    """Mean over the tasks, by layer; the tasks' images are not the same, so their errors add in squares."""
    layers: dict[str, list[LossChange]] = {}
    for one in found:
        layers.setdefault(one.layer, []).append(one.loss)
    means = {}
    for layer, losses in layers.items():
        mean = sum(loss.value for loss in losses) / len(losses)
        half = sqrt(sum((loss.high - loss.value) ** 2 for loss in losses)) / len(losses)
        means[layer] = Estimate(mean, mean - half, mean + half)
    return means


def worth_cells(
    found: Sequence[LayerWorth], layers: Sequence[str], tasks: Sequence[str], measure: str
) -> ChangeCells:
    """The measured layers and tasks as cells of a heat map.

    Args:
        found: What is measured.
        layers: Rows.
        tasks: Columns.
        measure: "loss" or "accuracy".
    """
    by_cell = {(one.layer, one.task): one for one in found}
    cells = [[by_cell.get((layer, task)) for task in tasks] for layer in layers]
    decimals = 2 if measure == "loss" else 0
    return ChangeCells(
        values=[[None if one is None else shown_value(one, measure) for one in row] for row in cells],
        text=[
            ["" if one is None else signed(shown_value(one, measure), decimals) for one in row]
            for row in cells
        ],
        hover=[["not measured yet" if one is None else one.hover for one in row] for row in cells],
        hatched=[[one is not None and not is_shown_clear(one, measure) for one in row] for row in cells],
        largest=max((abs(shown_value(one, measure)) for one in found), default=0.0) or 1.0,
        unit="gain of log-likelihood, nats" if measure == "loss" else "points of accuracy",
    )


def shown_value(one: LayerWorth, measure: str) -> float:
    """The number a cell is coloured by: nats of loss, or points of accuracy."""
    return one.loss.value if measure == "loss" else 100 * one.accuracy.difference


def is_shown_clear(one: LayerWorth, measure: str) -> bool:
    """Whether a cell goes without hatching."""
    return one.is_clear if measure == "loss" else one.adjusted_p < CLEAR


def layers_takeaway(found: Sequence[LayerWorth]) -> str:
    """The layer that the tasks need most, and any that a task does better without."""
    if not found:
        return "No layer is measured yet."
    means = mean_worth(found)
    clear = [one for one in found if one.is_clear]
    if not clear:
        return f"No layer's update makes a significant difference to any task's loss ({_cells(len(found))})."
    most = max(means, key=lambda layer: means[layer].value)
    # The largest of many means: its interval holds for one that nobody picked.
    normal = NormalDist()
    wider = normal.inv_cdf(1 - CLEAR / (2 * len(means))) / normal.inv_cdf(0.975)
    if means[most].value > wider * (means[most].value - means[most].low):
        need = (
            f"The tasks need {_layer_name(most)} most: without its update the mean loss grows by "
            f"{means[most].value:.3f} nats ({means[most].low:.3f} to {means[most].high:.3f})."
        )
    else:
        need = "On average over the tasks, no single layer is clearly needed."
    hurting = [one for one in clear if one.loss.value < 0]
    if not hurting:
        return f"{need} No task does significantly better without a layer."
    worst = min(hurting, key=lambda one: one.loss.value)
    return (
        f"{need} In {len(hurting)} of {_cells(len(found))} the task does significantly better without the "
        f"layer, most of all '{worst.task}' without {_layer_name(worst.layer)}."
    )


def layer_rows(found: Sequence[LayerWorth]) -> list[dict[str, Any]]:
    """The measured layers and tasks as a table; losses in nats, accuracies 0 … 1."""
    return [
        {
            "layer": one.layer,
            "task": one.task,
            "n": one.accuracy.n,
            "loss": one.loss.value,
            "loss_low": one.loss.low,
            "loss_high": one.loss.high,
            "adjusted_loss_p": one.adjusted_loss_p,
            "accuracy": one.accuracy.difference,
            "accuracy_low": one.accuracy.low,
            "accuracy_high": one.accuracy.high,
            "adjusted_p": one.adjusted_p,
        }
        for one in found
    ]


def _layer_name(layer: str) -> str:
    return "everything outside the blocks" if layer == OUTSIDE else f"block {layer}"


def _cells(n: int) -> str:
    return "1 cell" if n == 1 else f"{n} cells"


@lru_cache(maxsize=4096)
def _differences(run: Run, whole: Run, task: str) -> tuple[LossChange, PairedDifference]:
    without, with_it = run.predictions[task], whole.predictions[task]
    return (
        paired_loss_change(with_it.log_prob, without.log_prob),
        paired_difference(is_correct(with_it), is_correct(without)),
    )
