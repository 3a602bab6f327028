"""Confusion matrix of a task: images of each true class by the class chosen."""

from analysis.evaluation.confusion import confusion_difference, confusion_matrix
from app.views.merge_lab.task import TaskAnswers


def confusion_counts(answers: TaskAnswers, n_classes: int, *, is_difference: bool) -> list[list[int]]:
    """Images, (C, C): true classes downwards, chosen ones across.

    Args:
        answers: Of the merge and its baseline.
        n_classes: C.
        is_difference: Subtract the baseline's matrix, if there is a baseline.
    """
    mine, theirs = answers.mine, answers.theirs
    if is_difference and theirs is not None:
        counts = confusion_difference(mine.prediction, theirs.prediction, mine.labels, n_classes)
    else:
        counts = confusion_matrix(mine.prediction, mine.labels, n_classes)
    rows: list[list[int]] = counts.tolist()
    return rows
