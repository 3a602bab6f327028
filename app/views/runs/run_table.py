"""Runs as rows: for the list on screen and for CSV."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from math import inf
from typing import Any

from analysis.errors import AnalysisError
from analysis.merge.recipe import Recipe
from app.words.numbers import as_csv
from app.words.recipe_name import recipe_name
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
    """None when this version can no longer read it."""
    recipe_name: str
    """The recipe in a few words."""
    split: str
    n_images: int | None
    """Images per task; None for all."""
    mean_accuracy: float | None
    """0 … 1."""
    mean_normalized: float | None
    seconds: float
    """Merge and evaluation together."""


def run_rows(runs: Sequence[StoredRun], *, tasks: Sequence[str]) -> list[RunRow]:
    """Rows of a zoo's runs, in the order given."""
    return [_row(run, tasks) for run in runs]


def best_first(rows: Sequence[RunRow]) -> list[RunRow]:
    """Validation before test, more images before fewer, and among runs on equal images the best mean first.

    Means on other images are no better or worse: they stand apart.
    """

    def place(row: RunRow) -> tuple[bool, float, float]:
        n = inf if row.n_images is None else row.n_images
        return row.split != "val", -n, inf if row.mean_accuracy is None else -row.mean_accuracy

    return sorted(rows, key=place)


def table_rows(rows: Sequence[RunRow]) -> list[dict[str, Any]]:
    """What the list shows of each run; accuracies in percent."""
    return [
        {
            "when": row.when,
            "recipe": row.recipe_name,
            "split": row.split,
            "images": "all" if row.n_images is None else str(row.n_images),
            "mean": None if row.mean_accuracy is None else 100 * row.mean_accuracy,
            "normalised": None if row.mean_normalized is None else 100 * row.mean_normalized,
            "seconds": row.seconds,
        }
        for row in rows
    ]


def counted(zoo_name: str, n_runs: int, n_test_evaluations: int) -> str:
    """Zoo, runs and test evaluations, for the page's caption."""
    runs = f"{n_runs} run{'' if n_runs == 1 else 's'}"
    looks = f"{n_test_evaluations} test evaluation{'' if n_test_evaluations == 1 else 's'}"
    return f"{zoo_name} · {runs} · {looks}"


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
        recipe_name=record.method if recipe is None else recipe_name(recipe),
        split=record.split,
        n_images=record.n_images,
        mean_accuracy=record.mean_accuracy,
        mean_normalized=record.mean_normalized,
        seconds=(record.merge_ms + record.evaluate_ms) / 1000,
    )
