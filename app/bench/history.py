"""Runs measured on one zoo, kept in the store and found again."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from functools import cache
from importlib.metadata import version
from itertools import chain
from typing import cast, get_args

import torch

from analysis.merge.recipe import Recipe
from app.bench.measuring.restored_runs import (
    has_accuracy,
    is_scored_soundly,
    measured_with,
    restored_run,
    with_width,
)
from app.bench.pace import Timing
from app.bench.packing import packed_predictions
from app.bench.runs import Run
from app.zoo.eval_sets import EvalSet
from cache.errors import CacheError
from cache.records import ASKED_FOR, Kind, RunRecord, Split, StoredRun, TaskRecord
from cache.shipped import Shipped
from cache.store import Store

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
        shipped: Shipped | None = None,
    ) -> None:
        """Look at the runs of one zoo.

        Args:
            store: Where runs are kept.
            zoo_name: For people.
            fingerprint: Of everything a measured number depends on but the recipe.
            tasks: The zoo's tasks; what else was evaluated is a control.
            device: Runs of another kind of device round differently and are not taken for these.
            eval_sets: By split and task: where the labels of old predictions come from.
            shipped: What was measured elsewhere and came with the zoo, on whichever device.
        """
        self.shipped = shipped or Shipped()
        """What came with the zoo; it is used where nothing was measured here."""
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
        here = (self.restored(stored) for stored in found)
        shipped = (
            self._shipped(stored)
            for stored in self.shipped.find(recipe.digest(), split, n_images)
            if stored.record.kind in kinds
        )
        runs = (run for run in chain(here, shipped) if run is not None)
        return next((run for run in runs if run.predictions.keys() >= needed), None)

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
            note=run.shipped,
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
        return [with_width(stored) for stored in found if has_accuracy(stored)]

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
        arrays = self.store.predictions(stored.record.run_id)
        return restored_run(stored, arrays, tasks=self._tasks, eval_sets=self._eval_sets)

    def _shipped(self, stored: StoredRun) -> Run | None:
        """A run that came with the zoo; None where its numbers are not those of its predictions."""
        arrays = self.shipped.numbers(stored.record.run_id)
        run = restored_run(stored, arrays, tasks=self._tasks, eval_sets=self._eval_sets)
        if run is None or not is_scored_soundly(run):
            return None
        return replace(run, shipped=measured_with(stored.record))


@cache
def _versions() -> dict[str, str]:
    return {package: version(package) for package in _PACKAGES}
