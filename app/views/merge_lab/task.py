"""One task of the shown run beside its baseline, image by image."""

from dataclasses import dataclass

from analysis.evaluation.confusion import flips
from app.bench.evaluator import Predictions
from app.bench.runs import first, is_correct
from app.session.results import Results


@dataclass(frozen=True, eq=False, slots=True)
class TaskAnswers:
    """Answers of the shown run and of its baseline on the images both saw."""

    mine: Predictions
    theirs: Predictions | None
    """None where the baseline has not answered this task."""
    baseline: str
    """What the baseline is, inside a sentence."""
    is_pinned: bool
    """Whether it is the pinned run."""


def task_answers(results: Results, task: str) -> TaskAnswers | None:
    """The task against the pinned run, or against zero-shot without one; None where it was not answered."""
    if results.shown is None or task not in results.shown.predictions:
        return None
    mine = results.shown.predictions[task]
    is_pinned = results.baseline is not None and results.baseline is not results.shown
    if results.baseline is not None and is_pinned:
        theirs, name = results.baseline.predictions.get(task), "the pinned run"
    else:
        theirs, name = (results.anchors.zero_shot.get(task) if results.anchors else None), "zero-shot"
    if theirs is None:
        return TaskAnswers(mine, None, name, is_pinned)
    n = min(len(mine.labels), len(theirs.labels))
    return TaskAnswers(first(mine, n), first(theirs, n), name, is_pinned)


def task_takeaway(answers: TaskAnswers) -> str:
    """How many images the merge gets right that its baseline does not, and the other way round."""
    if answers.theirs is None:
        return ""
    changed = flips(is_correct(answers.mine), is_correct(answers.theirs))
    n = len(answers.mine.labels)
    return (
        f"Against {answers.baseline}, on the same {n} images: {len(changed.won)} newly right, "
        f"{len(changed.lost)} newly wrong."
    )
