"""Runs as rows: for the list on screen and for CSV."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from analysis.errors import AnalysisError
from analysis.merge.recipe import Recipe
from app.words.formula import short_recipe
from app.words.numbers import as_csv
from cache.records import StoredRun

_CSV_COLUMNS = (
    *("run", "created", "recipe", "split", "images", "device", "mean_accuracy"),
    *("task", "is_control", "n", "correct", "accuracy", "low", "high", "loss", "normalized_accuracy"),
)


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run in a list."""

    run_id: str
    when: datetime
    recipe: Recipe | None
    """None when this version cannot read it any more."""
    said: str
    """The recipe in a few words."""
    split: str
    n_images: int | None
    """Images a task; None for all."""
    mean_accuracy: float | None
    """0 … 1."""
    mean_normalized: float | None
    seconds: float
    """Merge and evaluation together."""


def run_rows(runs: Sequence[StoredRun], *, tasks: Sequence[str]) -> list[RunRow]:
    """Rows of a zoo's runs, in the order given."""
    return [_row(run, tasks) for run in runs]


def runs_csv(runs: Sequence[StoredRun]) -> str:
    """All runs with every task's accuracy as CSV: one line per run and task."""
    rows = [
        {
            "run": run.record.run_id,
            "created": run.record.created.isoformat(),
            "recipe": run.record.recipe,
            "split": run.record.split,
            "images": run.record.n_images,
            "device": run.record.device,
            "mean_accuracy": run.record.mean_accuracy,
            **asdict(task),
        }
        for run in runs
        for task in run.tasks
    ]
    return as_csv(rows, _CSV_COLUMNS)


def _row(run: StoredRun, tasks: Sequence[str]) -> RunRow:
    record = run.record
    try:
        recipe = Recipe.from_mapping(json.loads(record.recipe), tasks=tasks)
    except AnalysisError:  # a method that has since been renamed or removed
        recipe = None
    return RunRow(
        run_id=record.run_id,
        when=record.created,
        recipe=recipe,
        said=record.method if recipe is None else short_recipe(recipe),
        split=record.split,
        n_images=record.n_images,
        mean_accuracy=record.mean_accuracy,
        mean_normalized=record.mean_normalized,
        seconds=(record.merge_ms + record.evaluate_ms) / 1000,
    )
