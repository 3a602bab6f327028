"""Runs measured on one zoo, kept in the store and found again."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from typing import cast, get_args

import numpy as np
import torch

from analysis.errors import AnalysisError
from analysis.evaluation.bootstrap import bootstrap_mean_accuracy
from analysis.evaluation.scores import MeanScore, TaskScore
from analysis.merge.recipe import Recipe
from app.bench.pace import Timing
from app.bench.packing import packed_predictions, unpacked_predictions
from app.bench.runs import Run
from app.zoo.eval_sets import EvalSet
from cache.errors import CacheError
from cache.records import ASKED_FOR, Kind, RunRecord, Split, StoredRun, TaskRecord
from cache.store import Arrays, Store

_PACKAGES = ("torch", "open_clip_torch", "numba", "numpy")


class History:
    """Runs of one zoo on one kind of device."""

    def __init__(
        self,
        store: Store,
        *,
        zoo_name: str,
        fingerprint: str,
        tasks: tuple[str, ...],
        device: torch.device,
        eval_sets: Mapping[str, Mapping[str, EvalSet]],
    ) -> None:
        """Look at the runs of one zoo.

        Args:
            store: Where runs are kept.
            zoo_name: For people.
            fingerprint: Of everything a measured number depends on but the recipe.
            tasks: The zoo's tasks; what else was evaluated is a control.
            device: Runs of another kind of device round differently and are not taken for these.
            eval_sets: By split and task: where the labels of old predictions come from.
        """
        self.store = store
        self.fingerprint = fingerprint
        self.device = device.type
        self._zoo_name = zoo_name
        self._tasks = tasks
        self._eval_sets = eval_sets

    @property
    def test_evaluations(self) -> int:
        """Number of evaluations on the test images of this zoo."""
        return self.store.count_test_evaluations(self.fingerprint)

    def find(
        self,
        recipe: Recipe,
        *,
        split: str,
        n_images: int | None,
        names: Iterable[str],
        kinds: Sequence[Kind] = get_args(Kind),
    ) -> Run | None:
        """The latest run of the recipe on the same images that covers the tasks and controls named."""
        found = self.store.find_runs(
            self.fingerprint,
            recipe.digest(),
            cast(Split, split),
            n_images,
            device=self.device,
            kinds=kinds,
        )
        needed = set(names)
        restored = (self.restored(stored) for stored in found)
        return next((run for run in restored if run is not None and run.predictions.keys() >= needed), None)

    def add(self, run: Run, *, kind: Kind) -> None:
        """Keep a run with its predictions; the store's notice states when it could not be kept."""
        record = RunRecord(
            run_id=run.run_id,
            zoo_name=self._zoo_name,
            zoo_fingerprint=self.fingerprint,
            recipe=json.dumps(run.recipe.to_mapping()),
            recipe_digest=run.recipe.digest(),
            method=run.recipe.method,
            split=cast(Split, run.split),
            n_images=run.n_images,
            device=self.device,
            dtype="float32",
            merge_ms=1000 * run.merge_seconds,
            evaluate_ms=1000 * run.evaluate_seconds,
            kind=kind,
            mean_accuracy=run.mean.accuracy,
            mean_low=run.mean.low,
            mean_high=run.mean.high,
            mean_normalized=run.mean.normalized_accuracy,
            normalized_low=run.mean.normalized_low,
            normalized_high=run.mean.normalized_high,
            alpha=run.alpha,
            versions=_versions(),
        )
        tasks = [TaskRecord(is_control=False, **asdict(score)) for score in run.tasks]
        controls = [TaskRecord(is_control=True, **asdict(score)) for score in run.controls]
        try:
            self.store.append_run(record, [*tasks, *controls], packed_predictions(run.predictions))
        except CacheError as error:
            self.store.notice = f"A measured run could not be kept for later: {error}"

    def latest(self, limit: int = 500) -> list[StoredRun]:
        """Rows of this zoo's runs that a person asked for, newest first."""
        found = self.store.runs(self.fingerprint, kinds=ASKED_FOR, limit=limit)
        return [_with_width(stored) for stored in found if _has_accuracy(stored)]

    def timings(self, limit: int = 40) -> list[Timing]:
        """What the latest runs have taken on this kind of device, oldest first."""
        latest = self.store.runs(self.fingerprint, limit=limit)
        return [
            Timing(
                run.record.method,
                run.record.merge_ms / 1000,
                run.record.evaluate_ms / 1000,
                sum(task.n for task in run.tasks),
            )
            for run in reversed(latest)
            if run.record.device == self.device
        ]

    def run_named(self, run_id: str) -> Run | None:
        """A run that was asked for, as it was; None when it is gone."""
        stored = next((one for one in self.latest() if one.record.run_id == run_id), None)
        return None if stored is None else self.restored(stored)

    def restored(self, stored: StoredRun) -> Run | None:
        """A run as it was, predictions and all; None where they, its recipe or its accuracy are gone."""
        if not _has_accuracy(stored):
            return None
        stored = _with_width(stored)
        record, arrays = stored.record, self.store.predictions(stored.record.run_id)
        try:
            recipe = Recipe.from_mapping(json.loads(record.recipe), tasks=self._tasks)
        except (AnalysisError, ValueError, TypeError):  # a method since removed; a damaged row
            return None
        sets = self._eval_sets[record.split]
        if arrays is None or not all(_fits(arrays, task) for task in stored.tasks):
            return None
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
        )


def _has_accuracy(stored: StoredRun) -> bool:
    """Whether outputs were finite: an earlier version also kept runs in which they were not."""
    return all(task.loss is not None and math.isfinite(task.loss) for task in stored.tasks)


def _fits(arrays: Arrays, task: TaskRecord) -> bool:
    """Whether there is one prediction for every image that was counted."""
    return all(
        arrays[name].shape == (task.n,) if (name := f"{task.task}/{kind}") in arrays else False
        for kind in ("prediction", "log_prob", "margin")
    )


def _with_width(stored: StoredRun) -> StoredRun:
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


@cache
def _versions() -> dict[str, str]:
    return {package: version(package) for package in _PACKAGES}
