"""Runs as they were, from rows and predictions that were kept."""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, replace

import numpy as np

from analysis.errors import AnalysisError
from analysis.evaluation.bootstrap import bootstrap_mean_accuracy
from analysis.evaluation.scores import MeanScore, TaskScore
from analysis.merge.recipe import Recipe
from app.bench.evaluator import Predictions
from app.bench.packing import unpacked_predictions
from app.bench.runs import Run, scored
from app.zoo.eval_sets import EvalSet
from cache.records import RunRecord, StoredRun, TaskRecord
from cache.store import Arrays


def restored_run(
    stored: StoredRun,
    arrays: Arrays | None,
    *,
    tasks: tuple[str, ...],
    eval_sets: Mapping[str, Mapping[str, EvalSet]],
) -> Run | None:
    """A run as it was; None where its predictions, its recipe or its accuracy are gone.

    Args:
        stored: Its row.
        arrays: Its predictions.
        tasks: Of the zoo.
        eval_sets: By split and task, whose labels the predictions are compared with.
    """
    if arrays is None or not has_accuracy(stored) or not all(_fits(arrays, task) for task in stored.tasks):
        return None
    record = with_width(stored).record
    try:
        recipe = Recipe.from_mapping(json.loads(record.recipe), tasks=tasks)
    except (AnalysisError, ValueError, TypeError):  # a method since removed; a damaged row
        return None
    sets = eval_sets[record.split]
    return Run(
        run_id=record.run_id,
        recipe=recipe,
        split=record.split,
        n_images=record.n_images,
        tasks=tuple(_score(task) for task in stored.tasks if not task.is_control),
        controls=tuple(_score(task) for task in stored.tasks if task.is_control),
        mean=MeanScore(
            record.mean_accuracy,
            record.mean_low,
            record.mean_high,
            record.mean_normalized,
            record.normalized_low,
            record.normalized_high,
        ),
        predictions={
            task.task: unpacked_predictions(arrays, sets[task.task])
            for task in stored.tasks
            if task.task in sets
        },
        alpha=record.alpha,
        merge_seconds=record.merge_ms / 1000,
        evaluate_seconds=record.evaluate_ms / 1000,
        from_history=True,
        shipped=record.note,
    )


def has_accuracy(stored: StoredRun) -> bool:
    """Whether outputs were finite: an earlier version also kept runs in which they were not."""
    return all(task.loss is not None and math.isfinite(task.loss) for task in stored.tasks)


def _fits(arrays: Arrays, task: TaskRecord) -> bool:
    """Whether there is one prediction for every image that was counted."""
    return all(
        arrays[name].shape == (task.n,) if (name := f"{task.task}/{kind}") in arrays else False
        for kind in ("prediction", "log_prob", "margin")
    )


def is_scored_soundly(run: Run) -> bool:
    """Whether its scores and their mean are those of its predictions, where others wrote all of them."""
    if not all(_is_of(score, run.predictions.get(score.task)) for score in (*run.tasks, *run.controls)):
        return False
    accuracies = [score.accuracy for score in run.tasks]
    if not accuracies or run.mean.accuracy is None:
        return not accuracies and run.mean.accuracy is None
    return _is_near(run.mean.accuracy, float(np.mean(accuracies)))


def _is_of(score: TaskScore, predictions: Predictions | None) -> bool:
    """Whether a score, its interval included, is that of these predictions."""
    if predictions is None:
        return False
    own = scored(predictions)
    is_same = (score.n, score.correct) == (own.n, own.correct)
    return is_same and all(
        _is_near(getattr(score, name), getattr(own, name)) for name in ("accuracy", "low", "high", "loss")
    )


def _is_near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)


def measured_with(record: RunRecord) -> str:
    """What a shipped run was measured with, such as "torch 2.15.0 on CPU"."""
    torch_version = record.versions.get("torch", "an unknown version of torch")
    return f"torch {torch_version.partition('+')[0]} on {record.device.upper()}, {record.created:%d %b %Y}"


def with_width(stored: StoredRun) -> StoredRun:
    """The same run; an earlier version kept an interval of no width where all images were right, or wrong."""
    record = stored.record
    tasks = [task for task in stored.tasks if not task.is_control]
    if record.mean_accuracy is None or record.mean_low != record.mean_high or not tasks:
        return stored
    mean = bootstrap_mean_accuracy({task.task: np.arange(task.n) < task.correct for task in tasks})
    return replace(stored, record=replace(record, mean_low=mean.low, mean_high=mean.high))


def _score(record: TaskRecord) -> TaskScore:
    values = asdict(record)
    del values["is_control"]
    return TaskScore(**values)
