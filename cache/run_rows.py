"""Runs as rows of the store and back."""

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC
from typing import Any

from cache.database import Database, Statement, insertion
from cache.records import RunRecord, StoredRun, TaskRecord

_RUN_COLUMNS = [field.name for field in fields(RunRecord)]
_TASK_COLUMNS = [field.name for field in fields(TaskRecord)]


def insertions(run: RunRecord, tasks: Sequence[TaskRecord]) -> list[Statement]:
    """The statements that keep one run."""
    row = _values(run) | {
        "created": run.created.astimezone(UTC).replace(tzinfo=None),
        "versions": json.dumps(dict(run.versions)),
    }
    places = ({"run_id": run.run_id, "position": position} for position in range(len(tasks)))
    return [
        insertion("runs", row),
        *(
            insertion("task_results", place | _values(task))
            for place, task in zip(places, tasks, strict=True)
        ),
    ]


def select(database: Database, condition: str, parameters: Sequence[object], limit: int) -> list[StoredRun]:
    """The runs that meet a condition, newest first, with their tasks; without rows that are no run."""
    records = database.rows(
        f"select {', '.join(_RUN_COLUMNS)} from runs where {condition} order by rowid desc limit ?",
        [*parameters, limit],
    )
    runs = [run for row in records if (run := _run(row)) is not None]
    tasks: dict[str, list[TaskRecord]] = {run.run_id: [] for run in runs}
    found = database.rows(
        f"select run_id, {', '.join(_TASK_COLUMNS)} from task_results "
        "where list_contains(?::text[], run_id) order by run_id, position",
        [list(tasks)],
    )
    for run_id, *values in found:
        tasks[run_id].append(TaskRecord(**dict(zip(_TASK_COLUMNS, values, strict=True))))
    return [StoredRun(run, tuple(tasks[run.run_id])) for run in runs]


def _run(row: Sequence[Any]) -> RunRecord | None:
    values = dict(zip(_RUN_COLUMNS, row, strict=True))
    if values["created"] is None:
        return None
    try:
        values["created"] = values["created"].replace(tzinfo=UTC)
        values["versions"] = json.loads(values["versions"] or "{}")
    except ValueError:
        return None
    return RunRecord(**values)


def _values(record: RunRecord | TaskRecord) -> dict[str, object]:
    return {field.name: getattr(record, field.name) for field in fields(record)}
