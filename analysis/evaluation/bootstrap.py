"""Intervals of mean accuracies: a paired bootstrap over images, stratified by task.

Of the images only the joint outcome matters: which of the models gets it right. So a resample of a task's
images is a draw of the counts of these outcomes from one multinomial: the same bootstrap, without indices.

The seed is fixed, so equal outcomes have equal intervals. With another seed an end would move by some
hundredths of a percentage point; four times the draws would halve that, and let pages wait.

Where nearly all images have one outcome, so has every resample, and its interval promises too much. With
fewer than ten other images the interval also holds the score interval, which keeps its width at 0 and 1 and
for two models that never differ; ten is where a bootstrap's 95 % begins to hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from analysis.arrays import Flags, Integers, Numbers
from analysis.errors import AnalysisError, MismatchError
from analysis.evaluation.score_interval import score_interval

Correct = Mapping[str, Flags]
"""By task: whether a model is right, one value per image, (N,); N may differ between tasks."""


_FEW = 10
"""Images with another outcome than most of their task, below which a resample shows too little of them."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


def bootstrap_mean_accuracy(correct: Correct, *, draws: int = 2000, seed: int = 0) -> Estimate:
    """Mean accuracy over the tasks, each counting the same; in [0, 1].

    Raises:
        AnalysisError: There are no tasks, or one has no images.
    """
    found = _Resampled.of(correct, draws=draws, seed=seed)
    worth = np.broadcast_to(found.is_right[0], found.counts.shape)
    return found.estimate(found.measured[0].mean(), found.resampled[0].mean(axis=1), worth)


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
    found = _Resampled.of(correct, reference, draws=draws, seed=seed)
    (mine, theirs), (my_draws, their_draws) = found.measured, found.resampled
    if not theirs.all():
        return None
    has_ratio = their_draws.all(axis=1)
    draws_of_ratio = my_draws[has_ratio] / their_draws[has_ratio]
    ratio = mine / theirs
    # What one image adds to its task's ratio, to first order: 0 where both models do as on average.
    worth = (found.is_right[0] - ratio[:, None] * found.is_right[1]) / theirs[:, None]
    estimate = found.estimate(ratio.mean(), draws_of_ratio.mean(axis=1), worth)
    return replace(estimate, low=max(0.0, estimate.low))  # a ratio of shares is never below


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
    found = _Resampled.of(correct_a, correct_b, draws=draws, seed=seed)
    (a, b), (a_draws, b_draws) = found.measured, found.resampled
    worth = np.broadcast_to(found.is_right[0] - found.is_right[1], found.counts.shape)
    return found.estimate((a - b).mean(), (a_draws - b_draws).mean(axis=1), worth)


@dataclass(frozen=True, slots=True, eq=False)
class _Resampled:
    """Accuracies of one or two models on the same images, and of resamples of these."""

    counts: Integers
    """Images of each task by which models get them right, (T, 2^M)."""
    is_right: Numbers
    """Whether each model is right in that outcome, 0 or 1, (M, 2^M)."""
    measured: Numbers
    """Accuracy of each model on each task, (M, T)."""
    resampled: Numbers
    """The same in every resample, (M, draws, T)."""

    @classmethod
    def of(cls, *models: Correct, draws: int, seed: int) -> "_Resampled":
        _require_same_images(*models)
        n = np.array([len(outcomes) for outcomes in models[0].values()])  # (T,)
        counts = np.stack([_joint_counts([model[task] for model in models]) for task in models[0]])
        resamples = np.random.default_rng(seed).multinomial(n, counts / n[:, None], size=(draws, len(n)))
        is_right = (np.arange(counts.shape[1]) >> np.arange(len(models))[:, None] & 1).astype(np.float64)
        return cls(
            counts,
            is_right,
            np.einsum("tk,mk->mt", counts, is_right) / n,
            np.einsum("dtk,mk->mdt", resamples, is_right) / n,
        )

    def estimate(self, value: float, resampled: Numbers, worth: Numbers) -> Estimate:
        """A mean over the tasks with its interval.

        Args:
            value: As measured.
            resampled: In every resample that has one, (draws,).
            worth: What an image of an outcome adds to its task's value, (T, 2^M), up to a constant.
        """
        low, high = np.quantile(resampled, [0.025, 0.975])
        if _n_others(self.counts, worth) < _FEW:
            ends = score_interval(self.counts, worth)
            measured = float((self.counts * worth).sum(axis=1) @ (1 / self.counts.sum(axis=1))) / len(worth)
            low, high = min(low, value + ends.low - measured), max(high, value + ends.high - measured)
        return Estimate(float(value), float(low), float(high))


def _n_others(counts: Integers, worth: Numbers) -> int:
    """Images that are worth something else than most images of their task."""
    most = 0
    for images, values in zip(counts, worth, strict=True):
        most += max(int(images[np.isclose(values, value)].sum()) for value in values)
    return int(counts.sum()) - most


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
