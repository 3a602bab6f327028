"""Statistics, masks and curves as tidy tables of the store, and back."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.masks.counts import MOST_PATTERNS, MaskCounts, MaskSums
from analysis.masks.curve import TallCurve
from analysis.model.segments import Segment
from analysis.weights.statistics import BINS, Statistics, Sums
from cache.tables import Table, Tables

Array = NDArray[Any]

# By table: the fields of a result it holds as columns, and what its rows are of beside segments.
_STATISTICS = {
    "weights": ((), ("n", "base_l2_squared", "sum_l1", "sum_l2_squared")),
    "updates": (("task",), ("l1", "max", "zeros", "outvoted_l1")),
    "pairs": (("task_a", "task_b"), ("gram", "absolute_gram", "agree", "conflict")),
    "movers": (("movers",), ("moved_by", "unanimous")),
}
_MASKS = {
    "mask_weights": ((), ("n", "untouched")),
    "mask_tasks": (("task",), ("kept", "selfish")),
    "mask_pairs": (("task_a", "task_b"), ("both",)),
    "mask_counts": (("masks",), ("kept_by", "equal_signs", "mass", "sum_l1", "energy")),
}


def statistics_tables(found: Statistics) -> Tables:
    """Statistics as tables; magnitude bins that hold no weight are left out."""
    tables = _dense(found.sums, _STATISTICS, found.tasks, found.segments)
    return {**tables, "magnitudes": _sparse(found.sums.histogram, ("segment", "task", "bin"), found.tasks)}


def statistics_from(tables: Tables, tasks: Sequence[str], segments: Sequence[Segment]) -> Statistics:
    """What `statistics_tables` was given."""
    fields = _fields(tables, _STATISTICS, len(tasks), len(segments))
    histogram = np.zeros((len(segments), len(tasks), BINS), dtype=np.int64)
    _fill(histogram, tables["magnitudes"], ("segment", "task", "bin"), tasks)
    return Statistics(tuple(tasks), tuple(segments), Sums(**fields, histogram=histogram))


def mask_tables(found: MaskCounts) -> Tables:
    """Counts of masks as tables; patterns that no weight has are left out."""
    tables = _dense(found.sums, _MASKS, found.tasks, found.segments)
    return {**tables, "mask_patterns": _sparse(found.sums.patterns, ("segment", "pattern"), found.tasks)}


def masks_from(tables: Tables, tasks: Sequence[str], segments: Sequence[Segment]) -> MaskCounts:
    """What `mask_tables` was given."""
    fields = _fields(tables, _MASKS, len(tasks), len(segments))
    n_patterns = 2 ** len(tasks) if len(tasks) <= MOST_PATTERNS else 0
    patterns = np.zeros((len(segments), n_patterns), dtype=np.int64)
    _fill(patterns, tables["mask_patterns"], ("segment", "pattern"), tasks)
    return MaskCounts(tuple(tasks), tuple(segments), MaskSums(**fields, patterns=patterns))


def curve_tables(found: TallCurve, tasks: Sequence[str]) -> Tables:
    """Counts over λ as tables."""
    stops = np.asarray(found.stops, dtype=np.float64)
    n_stops, n_tasks = found.kept.shape
    return {
        "curve_tasks": {
            "tall_lambda": np.repeat(stops, n_tasks),
            "task": np.tile(np.asarray(tasks), n_stops),
            "kept": found.kept.ravel(),
        },
        "curve_counts": {
            "tall_lambda": np.repeat(stops, n_tasks + 1),
            "masks": np.tile(np.arange(n_tasks + 1), n_stops),
            "kept_by": found.kept_by.ravel(),
        },
    }


def curve_from(tables: Tables, tasks: Sequence[str]) -> TallCurve:
    """What `curve_tables` was given."""
    stops = tables["curve_tasks"]["tall_lambda"].reshape(-1, len(tasks))[:, 0]
    return TallCurve(
        tuple(stops.tolist()),
        tables["curve_tasks"]["kept"].reshape(-1, len(tasks)),
        tables["curve_counts"]["kept_by"].reshape(-1, len(tasks) + 1),
    )


def _dense(
    sums: Sums | MaskSums,
    plan: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
    tasks: Sequence[str],
    segments: Sequence[Segment],
) -> dict[str, Table]:
    tables: dict[str, Table] = {}
    for name, (axes, columns) in plan.items():
        shape = getattr(sums, columns[0]).shape
        places = np.indices(shape).reshape(len(shape), -1)
        table = {"segment": places[0], **_named(places[1:], axes, tasks)}
        if not axes:
            table["parameter"] = np.asarray([segment.parameter for segment in segments], dtype=str)
            table["component"] = np.asarray([segment.component for segment in segments], dtype=str)
            table["place"] = np.asarray([segment.place.key for segment in segments], dtype=str)
        tables[name] = {**table, **{column: getattr(sums, column).ravel() for column in columns}}
    return tables


def _fields(
    tables: Tables,
    plan: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]],
    n_tasks: int,
    n_segments: int,
) -> dict[str, Array]:
    sizes = {
        "task": n_tasks,
        "task_a": n_tasks,
        "task_b": n_tasks,
        "movers": n_tasks + 1,
        "masks": n_tasks + 1,
    }
    return {
        column: tables[name][column].reshape(n_segments, *(sizes[axis] for axis in axes))
        for name, (axes, columns) in plan.items()
        for column in columns
    }


def _sparse(counts: Array, axes: Sequence[str], tasks: Sequence[str]) -> Table:
    places = np.stack(np.nonzero(counts))
    return {**_named(places, axes, tasks), "weights": counts[tuple(places)]}


def _fill(counts: Array, table: Table, axes: Sequence[str], tasks: Sequence[str]) -> None:
    rows = {task: row for row, task in enumerate(tasks)}
    places = [
        np.asarray([rows[task] for task in table[axis].tolist()], dtype=np.int64)
        if axis == "task"
        else table[axis]
        for axis in axes
    ]
    counts[tuple(places)] = table["weights"]


def _named(places: Array, axes: Sequence[str], tasks: Sequence[str]) -> dict[str, Array]:
    """Index columns, tasks by name."""
    names = np.asarray(tasks, dtype=str)
    return {
        axis: names[place] if axis.startswith("task") else place
        for axis, place in zip(axes, places, strict=True)
    }
