"""Scores on test, task by task, beside those of the pinned run where it was scored on test too."""

from typing import Any

from cachetools import LRUCache, cached

from app.bench.runs import Comparison, Run, compare
from app.words.numbers import NOTHING, percent, points, signed


@cached(LRUCache(8), key=lambda run, pinned: (run.run_id, pinned.run_id))
def held_out_comparison(run: Run, pinned: Run) -> Comparison:
    """A run on test against the pinned one on the same images; kept, since a page is drawn often."""
    return compare(run, pinned)


def held_out_sentence(comparison: Comparison | None) -> str:
    """How the score compares with the pinned run's; None where that was not scored on test."""
    if comparison is None or comparison.mean is None:
        return "The pinned run was not scored on test; load it and score it to compare the two."
    mean = comparison.mean
    return (
        f"Against the pinned run on test: {points(mean.value)} ({signed(100 * mean.low, 1)} to "
        f"{signed(100 * mean.high, 1)})."
    )


def held_out_rows(run: Run, comparison: Comparison | None) -> list[dict[str, Any]]:
    """The tasks and controls as a table."""
    return [
        {
            "task": score.task,
            "test": percent(score.accuracy, 1),
            "95 % interval": f"{percent(score.low, 1)} to {percent(score.high, 1)}",
            **_difference(score.task, comparison),
        }
        for score in (*run.tasks, *run.controls)
    ]


def _difference(task: str, comparison: Comparison | None) -> dict[str, str]:
    if comparison is None:
        return {}
    found = comparison.tasks.get(task)
    star = "*" if found is not None and found.is_clear else ""
    return {"against pinned": NOTHING if found is None else points(found.paired.difference) + star}
