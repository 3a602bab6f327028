"""The result of one measured merge, and the difference between two."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Flags
from analysis.evaluation.bootstrap import Estimate, bootstrap_mean_difference
from analysis.evaluation.intervals import PairedDifference, holm, paired_difference
from analysis.evaluation.scores import MeanScore, TaskScore, mean_score, task_score
from analysis.merge.recipe import Recipe
from app.bench.evaluator import Predictions

CLEAR = 0.05
"""Corrected p-value below which a difference is called clear."""


@dataclass(frozen=True, eq=False)
class Run:
    """A recipe, measured: everything a page shows of it."""

    run_id: str
    recipe: Recipe
    split: str
    """`val` or `test`."""
    n_images: int | None
    """Images per task at most; None for all."""
    tasks: tuple[TaskScore, ...]
    controls: tuple[TaskScore, ...]
    mean: MeanScore
    """Over the tasks; controls never count."""
    predictions: Mapping[str, Predictions]
    """By task and control."""
    alpha: float | None
    """LiNeS's α by the paper's rule, when the recipe left it open."""
    merge_seconds: float
    evaluate_seconds: float
    from_history: bool = False
    """Whether it was measured before and only looked up."""
    shipped: str = ""
    """What it was measured with, where it came with the zoo; empty where it was measured here."""


@dataclass(frozen=True, eq=False)
class Anchors:
    """What a merge lies between, on the same images."""

    zero_shot: Mapping[str, Predictions]
    """The base, by task and control."""
    fine_tuned: Mapping[str, Predictions]
    """Each task's own model, by task."""
    without: Mapping[str, str] = field(default_factory=dict)
    """By task, why its own model has no accuracy."""


@dataclass(frozen=True, slots=True)
class TaskDifference:
    """How a run differs from the baseline on one task, image by image."""

    task: str
    paired: PairedDifference
    adjusted_p: float
    """McNemar's mid-p value after Holm's correction over the tasks compared."""

    @property
    def is_clear(self) -> bool:
        """Whether the difference stands at 5 % after the correction."""
        return self.adjusted_p < CLEAR


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run against the pinned baseline, on the images both saw."""

    tasks: Mapping[str, TaskDifference]
    mean: Estimate | None
    """Difference of the mean accuracies with its bootstrap interval; None without a common task."""


def scored(predictions: Predictions, fine_tuned: Predictions | None = None) -> TaskScore:
    """Score predictions, normalised by the fine-tuned model's on the same images where they are known."""
    return task_score(
        predictions.task,
        predicted=predictions.prediction,
        labels=predictions.labels,
        log_probability=predictions.log_prob,
        reference_correct=(
            None if fine_tuned is None else is_correct(first(fine_tuned, len(predictions.labels)))
        ),
    )


def mean_scored(predictions: Mapping[str, Predictions], fine_tuned: Mapping[str, Predictions]) -> MeanScore:
    """Mean over tasks, absolute and normalised, with bootstrap intervals."""
    return mean_score(
        {task: is_correct(one) for task, one in predictions.items()},
        {task: is_correct(one) for task, one in fine_tuned.items()},
    )


def compare(run: Run, baseline: Run) -> Comparison:
    """Paired differences of a run to a baseline on every task and control both have."""
    outcomes = {
        score.task: _same_images(run.predictions[score.task], baseline.predictions[score.task])
        for score in run.tasks
        if score.task in baseline.predictions
    }
    return Comparison(
        tasks=differences(run.predictions, baseline.predictions),
        mean=_mean_difference(run, baseline, outcomes) if outcomes else None,
    )


def _mean_difference(run: Run, baseline: Run, outcomes: Mapping[str, tuple[Flags, Flags]]) -> Estimate:
    if is_one_model(run, baseline):
        return Estimate(0.0, 0.0, 0.0)
    return bootstrap_mean_difference(
        {task: mine for task, (mine, _) in outcomes.items()},
        {task: theirs for task, (_, theirs) in outcomes.items()},
    )


def is_one_model(run: Run, other: Run) -> bool:
    """Whether two runs are of the same recipe with the same outcomes: they differ on no image there is."""
    common = [task for task in run.predictions if task in other.predictions]
    outcomes = (_same_images(run.predictions[task], other.predictions[task]) for task in common)
    return run.recipe == other.recipe and all(np.array_equal(mine, theirs) for mine, theirs in outcomes)


def differences(
    predictions: Mapping[str, Predictions], baseline: Mapping[str, Predictions]
) -> dict[str, TaskDifference]:
    """How a model differs from another on each task both answered, Holm's correction over these tasks."""
    order = [task for task in predictions if task in baseline]
    paired = [paired_difference(*_same_images(predictions[task], baseline[task])) for task in order]
    adjusted = holm([one.p_value for one in paired])
    return {task: TaskDifference(task, one, p) for task, one, p in zip(order, paired, adjusted, strict=True)}


def _same_images(mine: Predictions, theirs: Predictions) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Outcomes on the images both saw: a smaller sample is the beginning of a larger one."""
    n = min(len(mine.labels), len(theirs.labels))
    return is_correct(mine)[:n], is_correct(theirs)[:n]


def is_correct(predictions: Predictions) -> NDArray[np.bool_]:
    """Whether each image was classified correctly, (n,)."""
    return np.equal(predictions.prediction, predictions.labels)


def accuracies(predictions: Mapping[str, Predictions]) -> dict[str, float]:
    """Accuracy by task, 0 … 1."""
    return {task: float(is_correct(one).mean()) for task, one in predictions.items()}


def first(predictions: Predictions, n: int) -> Predictions:
    """The predictions on the first n images of the nested order."""
    return Predictions(
        predictions.task,
        predictions.labels[:n],
        predictions.prediction[:n],
        predictions.log_prob[:n],
        predictions.margin[:n],
    )
