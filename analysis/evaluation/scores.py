"""Scores of a model on a task and over all of them, from its answers image by image."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Flags, Integers, Weights
from analysis.errors import AnalysisError, MismatchError
from analysis.evaluation.bootstrap import Correct, bootstrap_mean_accuracy, bootstrap_mean_normalized_accuracy
from analysis.evaluation.intervals import wilson_interval


@dataclass(frozen=True, slots=True)
class TaskScore:
    """How a model does on the images of one task."""

    task: str
    n: int
    """Images, >= 1."""
    correct: int
    """Images classified correctly, 0...n."""
    accuracy: float
    """correct / n, in [0, 1]."""
    low: float
    """Lower end of the 95 % Wilson interval of the accuracy."""
    high: float
    """Upper end of the 95 % Wilson interval of the accuracy."""
    loss: float
    """Mean of -log p(true class), nats, >= 0; it reacts before the accuracy does."""
    normalized_accuracy: float | None
    """Accuracy / accuracy of the task's fine-tuned model on the same images; None if that is unknown or 0."""


@dataclass(frozen=True, slots=True)
class MeanScore:
    """How a model does over the tasks, each counting the same; every field None without tasks."""

    accuracy: float | None
    """Mean accuracy, in [0, 1]."""
    low: float | None
    """Lower end of the 95 % bootstrap interval of the mean accuracy."""
    high: float | None
    """Upper end of the 95 % bootstrap interval of the mean accuracy."""
    normalized_accuracy: float | None
    """Mean of the tasks' normalised accuracies; None unless every task has one."""
    normalized_low: float | None
    """Lower end of its 95 % paired bootstrap interval."""
    normalized_high: float | None
    """Upper end of its 95 % paired bootstrap interval."""


def task_score(
    task: str,
    *,
    predicted: Integers,
    labels: Integers,
    log_probability: Weights,
    reference_correct: Flags | None = None,
) -> TaskScore:
    """Accuracy, its interval and the mean loss of one task.

    Args:
        task: Its name.
        predicted: Class the model chose, (N,).
        labels: True class, (N,).
        log_probability: Log-probability of the true class, (N,), nats, <= 0.
        reference_correct: Whether the task's fine-tuned model is right on the same images, (N,).

    Raises:
        MismatchError: The arrays differ in images.
        AnalysisError: There are no images, or the model's outputs are not finite, so that it chose no class.
    """
    n = len(labels)
    if n == 0:
        raise AnalysisError(f"'{task}' has no images; it cannot be scored.")
    counts = {"predictions": len(predicted), "log-probabilities": len(log_probability)}
    if reference_correct is not None:
        counts["outcomes of the fine-tuned model"] = len(reference_correct)
    for what, count in counts.items():
        if count != n:
            raise MismatchError(f"'{task}' has {count} {what} for {n} labels; they must be the same images.")
    n_not_finite = n - int(np.count_nonzero(np.isfinite(log_probability)))
    if n_not_finite:
        raise AnalysisError(
            f"'{task}' has {n_not_finite} of {n} log-probabilities that are not finite; outputs that are no "
            "numbers have no accuracy. Scale the merge down."
        )
    correct = int(np.count_nonzero(predicted == labels))
    low, high = wilson_interval(correct, n)
    reference = 0 if reference_correct is None else int(np.count_nonzero(reference_correct))
    return TaskScore(
        task=task,
        n=n,
        correct=correct,
        accuracy=correct / n,
        low=low,
        high=high,
        loss=-float(log_probability.mean(dtype=np.float64)),
        normalized_accuracy=correct / reference if reference else None,
    )


def mean_score(correct: Correct, reference_correct: Correct | None = None) -> MeanScore:
    """Mean accuracy and mean normalised accuracy over the tasks, with their intervals.

    Args:
        correct: By task, whether the model is right, (N,) each; may be empty.
        reference_correct: The same for each task's fine-tuned model, on the same images; tasks missing
            here leave the normalised mean unknown, further ones are ignored.

    Raises:
        MismatchError: A task has different numbers of images.
        AnalysisError: A task has no images.
    """
    if not correct:
        return MeanScore(None, None, None, None, None, None)
    mean = bootstrap_mean_accuracy(correct)
    normalized = None
    if reference_correct is not None and correct.keys() <= reference_correct.keys():
        reference = {task: reference_correct[task] for task in correct}
        normalized = bootstrap_mean_normalized_accuracy(correct, reference)
    if normalized is None:
        return MeanScore(mean.value, mean.low, mean.high, None, None, None)
    return MeanScore(mean.value, mean.low, mean.high, normalized.value, normalized.low, normalized.high)
