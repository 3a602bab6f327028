"""Accuracy of a task class by class, beside that of a baseline."""

from collections.abc import Sequence
from dataclasses import dataclass

from analysis.evaluation.confusion import class_scores, confusion_matrix
from app.bench.evaluator import Predictions


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class of a task."""

    name: str
    n: int
    """Images of the class."""
    accuracy: float | None
    """0 … 1; None without images."""
    low: float
    high: float
    """Ends of the 95 % Wilson interval."""
    baseline: float | None
    """Accuracy of the baseline on the same images; None without one."""


def class_rows(mine: Predictions, theirs: Predictions | None, classes: Sequence[str]) -> list[ClassRow]:
    """One row per class, in the order of the classes.

    Args:
        mine: Of the merge.
        theirs: Of the baseline, on the same images; None without one.
        classes: Names, (C,).
    """
    scores = class_scores(confusion_matrix(mine.prediction, mine.labels, len(classes)))
    others = (
        None
        if theirs is None
        else class_scores(confusion_matrix(theirs.prediction, theirs.labels, len(classes)))
    )
    return [
        ClassRow(
            name=classes[score.label],
            n=score.n,
            accuracy=score.accuracy,
            low=score.low,
            high=score.high,
            baseline=None if others is None else others[score.label].accuracy,
        )
        for score in scores
    ]
