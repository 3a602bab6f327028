"""Tasks rebuilt from their masks and measured against their fine-tuned models."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.evaluation.bootstrap import Estimate, bootstrap_mean_normalized_accuracy
from analysis.merge.recipe import anchor_recipe
from app.bench.evaluator import Predictions
from app.bench.mask_statistics import MaskSettings
from app.bench.runs import is_correct
from app.bench.workbench import Workbench
from app.views.tall_masks.masked_updates import MaskedUpdates
from app.views.tall_masks.variants import variant_measurement
from app.words.numbers import percent
from app.words.verdicts import percent_within
from app.work.batch import Plan
from app.work.measurement import Measurement

PAPER = 0.99
"""Share of the fine-tuned accuracy that the paper's masks recover at least."""

FINE_TUNED = ("fine-tuned", None)
"""Name of the cell that holds the fine-tuned models' predictions."""

Measured = Mapping[tuple[str, float | None], Mapping[str, Predictions]]
"""Predictions by cell: a task and its λ, or `FINE_TUNED`; then by task."""


@dataclass(frozen=True, slots=True)
class Reconstructed:
    """One task rebuilt from its mask."""

    task: str
    tall_lambda: float
    n: int
    """Images."""
    accuracy: float
    fine_tuned: float
    """Accuracy of the task's own model on the same images."""
    interval: Estimate | None = None
    """Accuracy / fine-tuned accuracy with its paired interval; None if not asked for, or without ratio."""

    @property
    def share(self) -> float | None:
        """Accuracy / fine-tuned accuracy; None if that model gets nothing right."""
        return self.accuracy / self.fine_tuned if self.fine_tuned else None

    @property
    def hover(self) -> str:
        """What stands at the mouse over its row."""
        return (
            f"'{self.task}' at λ = {self.tall_lambda:g}: {percent(self.accuracy, 1)} of {self.n} images right"
            f"\nfine-tuned model: {percent(self.fine_tuned, 1)}"
        )


def reconstruction_plan(
    bench: Workbench,
    settings: MaskSettings,
    wanted: Sequence[tuple[str, float]],
    n_images: int | None = None,
) -> Plan[tuple[str, float | None], Mapping[str, Predictions]]:
    """The fine-tuned models, then each task at its λ, each on its validation images.

    Args:
        bench: The open zoo.
        settings: Their scope and multi-task vector.
        wanted: Tasks that can be evaluated, with their λ.
        n_images: Images per task at most; None for all.
    """
    tasks = tuple(dict.fromkeys(task for task, _ in wanted))
    updates = MaskedUpdates(bench, settings.scope, settings.vector)
    plan: dict[tuple[str, float | None], Measurement[Any, Mapping[str, Predictions]]] = {
        FINE_TUNED: Measurement(
            ("fine-tuned", tasks, n_images),
            lambda context: bench.anchors(context, split="val", n_images=n_images, tasks=tasks).fine_tuned,
            lambda: _find_fine_tuned(bench, tasks, n_images),
            seconds=lambda: bench.seconds("task_arithmetic", n_images=n_images, tasks=tasks),
        )
    }
    for task, tall_lambda in wanted:
        variant = updates.reconstruction(task, tall_lambda)
        plan[task, tall_lambda] = variant_measurement(bench, variant, tasks=[task], n_images=n_images)
    return plan


def reconstructed(
    measured: Measured,
    wanted: Sequence[tuple[str, float]],
    *,
    half: Callable[[Predictions], Predictions] = lambda predictions: predictions,
    intervals: bool = True,
) -> tuple[Reconstructed, ...]:
    """What is measured so far of the tasks and λ wanted.

    Args:
        measured: Predictions by cell.
        wanted: Tasks with their λ.
        half: Takes the images that count.
        intervals: Whether to find them too: a grid of many would take long.
    """
    fine_tuned = measured.get(FINE_TUNED, {})
    return tuple(
        _scored(
            task,
            tall_lambda,
            half(measured[task, tall_lambda][task]),
            half(fine_tuned[task]),
            has_interval=intervals,
        )
        for task, tall_lambda in wanted
        if (task, tall_lambda) in measured and task in fine_tuned
    )


def reconstruction_takeaway(found: Sequence[Reconstructed], mean: Estimate | None) -> str:
    """How much of the fine-tuned accuracy masks recover, against the paper's 99 %."""
    known = [(one.share, one.task) for one in found if one.share is not None]
    if not known or mean is None:
        return "No task could be rebuilt and measured."
    text = f"Rebuilt from their masks, tasks reach {percent_within(mean)} of their fine-tuned accuracy"
    if mean.low >= PAPER:
        return f"{text} on average, at least the paper's 99 %."
    if mean.high < PAPER:
        compared = "less than the paper's 99 %"
    else:
        compared = "with no significant difference from the paper's 99 %"
    share, behind = min(known)
    return f"{text} on average, {compared}. Furthest behind is '{behind}', at {percent(share)}."


def image_counts(found: Sequence[Reconstructed]) -> str:
    """How many images each task is measured on.

    Args:
        found: At least one.
    """
    fewest, most = min(one.n for one in found), max(one.n for one in found)
    return f"{most}" if fewest == most else f"{fewest} to {most}"


def mean_reconstruction(
    measured: Measured,
    wanted: Sequence[tuple[str, float]],
    *,
    half: Callable[[Predictions], Predictions] = lambda predictions: predictions,
) -> Estimate | None:
    """Mean share of the fine-tuned accuracy over the tasks measured, each counting the same."""
    fine_tuned = measured.get(FINE_TUNED, {})
    outcomes = {
        task: is_correct(half(measured[task, tall_lambda][task]))
        for task, tall_lambda in wanted
        if (task, tall_lambda) in measured and task in fine_tuned
    }
    if not outcomes:
        return None
    return bootstrap_mean_normalized_accuracy(
        outcomes, {task: is_correct(half(fine_tuned[task])) for task in outcomes}
    )


def reconstruction_rows(found: Sequence[Reconstructed]) -> list[dict[str, Any]]:
    """The reconstructions as a table."""
    return [
        {
            "task": one.task,
            "λ": one.tall_lambda,
            "images": one.n,
            "accuracy": one.accuracy,
            "fine-tuned": one.fine_tuned,
            "of fine-tuned": one.share,
            "low": None if one.interval is None else one.interval.low,
            "high": None if one.interval is None else one.interval.high,
        }
        for one in found
    ]


def _scored(
    task: str, tall_lambda: float, mine: Predictions, own: Predictions, *, has_interval: bool
) -> Reconstructed:
    right, reference = is_correct(mine), is_correct(own)
    return Reconstructed(
        task=task,
        tall_lambda=tall_lambda,
        n=len(right),
        accuracy=float(right.mean()),
        fine_tuned=float(reference.mean()),
        interval=(
            bootstrap_mean_normalized_accuracy({task: right}, {task: reference}) if has_interval else None
        ),
    )


def _find_fine_tuned(
    bench: Workbench, tasks: Sequence[str], n_images: int | None
) -> dict[str, Predictions] | None:
    found = {}
    for task in tasks:
        run = bench.run(anchor_recipe(bench.tasks, task), n_images=n_images, tasks=[task]).find()
        if run is None:
            return None
        found[task] = run.predictions[task]
    return found
