"""Intervals of mean accuracies: a paired bootstrap over images, stratified by task.

Of the images only the joint outcome matters: which of the models gets it right. So a resample of a task's
images is a draw of the counts of these outcomes from one multinomial: the same bootstrap, without indices.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Flags, Integers, Numbers
from analysis.errors import AnalysisError, MismatchError

Correct = Mapping[str, Flags]
"""By task: whether a model is right, one value per image, (N,); N may differ between tasks."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the 95 % percentile interval of its bootstrap."""

    value: float
    low: float
    high: float


def bootstrap_mean_accuracy(correct: Correct, *, draws: int = 2000, seed: int = 0) -> Estimate:
    """Mean accuracy over the tasks, each counting the same; in [0, 1].

    When every image of every task is right, so is every resample, and the interval has no width.

    Raises:
        AnalysisError: There are no tasks, or one has no images.
    """
    measured, resampled = _accuracies(correct, draws=draws, seed=seed)
    return _estimate(measured[0].mean(), resampled[0].mean(axis=1))


def bootstrap_mean_normalized_accuracy(
    correct: Correct, reference: Correct, *, draws: int = 2000, seed: int = 0
) -> Estimate | None:
    """Mean over the tasks of accuracy / accuracy of that task's fine-tuned model; may exceed 1.

    The fine-tuned model is drawn on the same images, so the interval knows that the denominator was
    measured too. Draws in which it gets none of a task right have no ratio and are left out.

    Args:
        correct: The model's outcomes by task.
        reference: Those of the fine-tuned models, on the same images in the same order.
        draws: Resamples, unitless.
        seed: The same gives the same interval.

    Returns:
        None if a fine-tuned model gets no image of its task right: there is no ratio.

    Raises:
        MismatchError: The two name different tasks or differ in images.
        AnalysisError: There are no tasks, or one has no images.
    """
    measured, resampled = _accuracies(correct, reference, draws=draws, seed=seed)
    has_ratio = resampled[1].all(axis=1)
    if not has_ratio.any():
        return None
    ratios = resampled[0][has_ratio] / resampled[1][has_ratio]
    return _estimate((measured[0] / measured[1]).mean(), ratios.mean(axis=1))


def bootstrap_mean_difference(
    correct_a: Correct, correct_b: Correct, *, draws: int = 2000, seed: int = 0
) -> Estimate:
    """Mean accuracy of a minus that of b, each task counting the same; in [-1, 1].

    Args:
        correct_a: Outcomes of a by task.
        correct_b: Outcomes of b, on the same images in the same order.
        draws: Resamples, unitless.
        seed: The same gives the same interval.

    Raises:
        MismatchError: The two name different tasks or differ in images.
        AnalysisError: There are no tasks, or one has no images.
    """
    measured, resampled = _accuracies(correct_a, correct_b, draws=draws, seed=seed)
    return _estimate((measured[0] - measured[1]).mean(), (resampled[0] - resampled[1]).mean(axis=1))


def _accuracies(*models: Correct, draws: int, seed: int) -> tuple[Numbers, Numbers]:
    """Accuracies of each model on each task, (M, T), and those of every resample, (M, draws, T)."""
    _require_same_images(*models)
    n = np.array([len(outcomes) for outcomes in models[0].values()])  # (T,)
    counts = np.stack([_joint_counts([model[task] for model in models]) for task in models[0]])
    resamples = np.random.default_rng(seed).multinomial(n, counts / n[:, None], size=(draws, len(n)))
    is_right = np.arange(counts.shape[1]) >> np.arange(len(models))[:, None] & 1  # (M, 2^M)
    return (
        np.einsum("tk,mk->mt", counts, is_right) / n,
        np.einsum("dtk,mk->mdt", resamples, is_right) / n,
    )


def _joint_counts(outcomes: list[Flags]) -> Integers:
    """Images by who gets them right, (2^M,): bit m of the index stands for model m."""
    code = sum(outcome.astype(np.int64) << model for model, outcome in enumerate(outcomes))
    return np.bincount(code, minlength=2 ** len(outcomes))


def _require_same_images(first: Correct, *others: Correct) -> None:
    if not first:
        raise AnalysisError("A mean accuracy got no tasks; evaluate at least one.")
    for other in others:
        if other.keys() != first.keys():
            tasks = sorted(other.keys() ^ first.keys())
            raise MismatchError(
                f"Only one of two models was evaluated on {tasks}; compare both on the same tasks."
            )
    for task, outcomes in first.items():
        if len(outcomes) == 0:
            raise AnalysisError(f"'{task}' has no images; leave it out of the mean.")
        for other in others:
            if len(other[task]) != len(outcomes):
                raise MismatchError(
                    f"'{task}' was evaluated on {len(outcomes)} and on {len(other[task])} images; "
                    "compare both models on the same ones."
                )


def _estimate(value: float, resampled: Numbers) -> Estimate:
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Estimate(float(value), float(low), float(high))
