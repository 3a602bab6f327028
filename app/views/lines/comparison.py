"""Kinds of scale that are compared, and the difference of two runs in mean accuracy."""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from analysis.evaluation.bootstrap import Estimate, bootstrap_mean_difference
from app.bench.runs import Run, is_correct

KEPT = 1024
"""Differences of two runs kept at hand: a page is drawn far oftener than a run comes in."""


class Kind(StrEnum):
    """Kinds of scale that are compared."""

    LINES = "lines"
    CONSTANT = "constant"
    REVERSED = "reversed"
    FREE = "free"


NAMES = {
    Kind.LINES: "LiNeS",
    Kind.CONSTANT: "a constant λ of equal size",
    Kind.REVERSED: "the reversed ramp",
    Kind.FREE: "a constant λ",
}

SweepPoint = tuple[Kind, float]
"""Kind of scale, and the β whose ramp it is or stands beside; λ itself of a free constant."""

Results = Mapping[SweepPoint, Run]


@lru_cache(maxsize=KEPT)
def mean_difference(run: Run, other: Run) -> Estimate:
    """Mean accuracy of a run less that of another on the same images, paired, over the tasks."""
    tasks = [score.task for score in run.tasks if score.task in other.predictions]
    return bootstrap_mean_difference(
        {task: is_correct(run.predictions[task]) for task in tasks},
        {task: is_correct(other.predictions[task]) for task in tasks},
    )
