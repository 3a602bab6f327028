"""Runs with outcomes a test chooses: "1101" is four images, the third of them wrong."""

from collections.abc import Mapping

import numpy as np

from analysis.merge.recipe import Recipe
from app.bench.evaluator import Predictions
from app.bench.runs import Anchors, Run, mean_scored, scored

TASKS = ("digits", "shapes", "signs")


def answers(task: str, outcome: str) -> Predictions:
    """Predictions of class 0 where the outcome is right, of class 1 where it is wrong; loss 0.5 each."""
    wrong = np.array([mark != "1" for mark in outcome])
    n = len(outcome)
    return Predictions(
        task=task,
        labels=np.zeros(n, np.int64),
        prediction=wrong.astype(np.int64),
        log_prob=np.full(n, -0.5, np.float32),
        margin=np.where(wrong, -1, 1).astype(np.float32),
    )


def made_run(
    outcomes: Mapping[str, str],
    *,
    recipe: Recipe | None = None,
    fine_tuned: Mapping[str, str] | None = None,
    run_id: str = "0-run",
    split: str = "val",
    n_images: int | None = None,
) -> Run:
    """A finished run; names outside `TASKS` are controls."""
    predictions = {task: answers(task, outcome) for task, outcome in outcomes.items()}
    tops = {task: answers(task, outcome) for task, outcome in (fine_tuned or {}).items()}
    scores = {task: scored(one, tops.get(task)) for task, one in predictions.items()}
    merged = {task: one for task, one in predictions.items() if task in TASKS}
    return Run(
        run_id=run_id,
        recipe=recipe or Recipe.from_mapping({"scaling": 0.3}, tasks=TASKS),
        split=split,
        n_images=n_images,
        tasks=tuple(score for task, score in scores.items() if task in TASKS),
        controls=tuple(score for task, score in scores.items() if task not in TASKS),
        mean=mean_scored(merged, tops),
        predictions=predictions,
        alpha=None,
        merge_seconds=0.25,
        evaluate_seconds=1.5,
    )


def made_anchors(zero_shot: Mapping[str, str], fine_tuned: Mapping[str, str]) -> Anchors:
    """Anchors with the outcomes given, by task."""
    return Anchors(
        {task: answers(task, outcome) for task, outcome in zero_shot.items()},
        {task: answers(task, outcome) for task, outcome in fine_tuned.items()},
    )
