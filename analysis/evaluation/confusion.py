"""Confusion of classes: which a model gets right, what it takes them for, what another model changes."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Flags, Integers
from analysis.errors import AnalysisError, MismatchError
from analysis.evaluation.intervals import wilson_interval


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How a model does on the images of one class."""

    label: int
    """Index of the class, 0...C - 1."""
    n: int
    """Images of the class, >= 0."""
    correct: int
    """Those classified correctly, 0...n."""
    accuracy: float | None
    """correct / n, in [0, 1]; None for a class without images."""
    low: float
    """Lower end of the 95 % Wilson interval of the accuracy; 0 for a class without images."""
    high: float
    """Upper end of the 95 % Wilson interval of the accuracy; 1 for a class without images."""


@dataclass(frozen=True, slots=True)
class Flips:
    """Images on which two models part."""

    won: Integers
    """Indices of the images only the model gets right, ascending."""
    lost: Integers
    """Indices of the images only the baseline gets right, ascending."""


def confusion_matrix(predicted: Integers, labels: Integers, n_classes: int) -> Integers:
    """Number of images by true class (row) and chosen class (column), (C, C).

    Args:
        predicted: Class the model chose, (N,), 0...C - 1.
        labels: True class, (N,), 0...C - 1.
        n_classes: C.

    Raises:
        MismatchError: The arrays differ in images.
        AnalysisError: A class is outside 0...C - 1.
    """
    if len(predicted) != len(labels):
        raise MismatchError(
            f"{len(predicted)} predictions came with {len(labels)} labels; they must be the same images."
        )
    for what, classes in (("prediction", predicted), ("label", labels)):
        outside = classes[(classes < 0) | (classes >= n_classes)]
        if len(outside):
            raise AnalysisError(f"A {what} is class {outside[0]}; it must lie in 0...{n_classes - 1}.")
    counts = np.bincount(labels * n_classes + predicted, minlength=n_classes**2)
    return counts.reshape(n_classes, n_classes)


def confusion_difference(
    predicted: Integers,
    baseline: Integers,
    labels: Integers,
    n_classes: int,
) -> Integers:
    """Confusion matrix of a model minus its baseline's on the same images, (C, C); rows add up to 0.

    Positive on the diagonal is better, positive off it is a mistake made more often.

    Raises:
        MismatchError: The arrays differ in images.
        AnalysisError: A class is outside 0...C - 1.
    """
    return confusion_matrix(predicted, labels, n_classes) - confusion_matrix(baseline, labels, n_classes)


def class_scores(confusion: Integers) -> tuple[ClassScore, ...]:
    """Accuracy of each class with its interval, from a confusion matrix (C, C), in the order of classes."""
    return tuple(
        _class_score(label, n=int(row.sum()), correct=int(row[label])) for label, row in enumerate(confusion)
    )


def flips(correct: Flags, baseline_correct: Flags) -> Flips:
    """Images a model wins and loses against its baseline.

    Args:
        correct: Whether the model is right, (N,).
        baseline_correct: Whether the baseline is, on the same images, (N,).

    Raises:
        MismatchError: The arrays differ in images.
    """
    if correct.shape != baseline_correct.shape:
        raise MismatchError(
            f"Flips got {correct.size} and {baseline_correct.size} images; "
            "compare both models on the same ones."
        )
    return Flips(
        won=np.flatnonzero(correct & ~baseline_correct), lost=np.flatnonzero(baseline_correct & ~correct)
    )


def _class_score(label: int, *, n: int, correct: int) -> ClassScore:
    low, high = wilson_interval(correct, n)
    return ClassScore(label, n, correct, correct / n if n else None, low, high)
