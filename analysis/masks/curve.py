"""How many weights TALL masks keep over a range of λ.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from analysis.kernels.row_groups import grouped
from analysis.kernels.tall_curve import MOST_STOPS, count_curve
from analysis.masks.counts import Counts
from analysis.masks.multi_task_vector import MultiTaskVector, Vector, chunks, ties_threshold
from analysis.masks.tall import MOST_TASKS, require_lambda
from analysis.model.layout import Ranges
from analysis.model.task_vectors import TaskVectors
from analysis.weights.redraw import seed_word
from analysis.weights.trim import Trim


@dataclass(frozen=True, eq=False, slots=True)
class TallCurve:
    """Counts over a range of λ that all tasks share."""

    stops: tuple[float, ...]
    """λ, ascending, (N,)."""
    kept: Counts
    """Weights each task's mask keeps at each λ, (N, T)."""
    kept_by: Counts
    """Weights kept by 0 … T masks at each λ, (N, T + 1)."""


def tall_curve(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    stops: Sequence[float],
    vector: Vector = Vector.SUM,
    cut: Trim | None = None,
    sign_seed: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> TallCurve:
    """Count kept weights at many λ that all tasks share, reading the task vectors once.

    Args:
        task_vectors: Read where they lie.
        ranges: Columns in scope.
        stops: λ, ascending, (N,), ≥ 0.
        vector: The multi-task vector.
        cut: Where TIES trims, from `ties_trim` of the same columns; found here if None; the sum needs none.
        sign_seed: Draws every sign anew first, for the null.
        check: Called often; raises to stop.

    Raises:
        ParameterRangeError: A λ is negative or not finite.
    """
    for stop in stops:
        require_lambda([stop] * task_vectors.n_tasks, task_vectors)
    on_cpu = task_vectors.deltas.device.type == "cpu"
    count = _curve_fused if on_cpu and task_vectors.n_tasks <= MOST_TASKS else tall_curve_reference
    return count(task_vectors, ranges, stops=stops, vector=vector, cut=cut, sign_seed=sign_seed, check=check)


def tall_curve_reference(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    stops: Sequence[float],
    vector: Vector = Vector.SUM,
    cut: Trim | None = None,
    sign_seed: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> TallCurve:
    """The same in plain torch, on any device; see `tall_curve`."""
    n_tasks = task_vectors.n_tasks
    kept = torch.zeros(len(stops), n_tasks, dtype=torch.int64)
    kept_by = torch.zeros(len(stops), n_tasks + 1, dtype=torch.int64)
    multi_task = MultiTaskVector(task_vectors, ranges, vector, cut=cut, sign_seed=sign_seed, check=check)
    for low, high in ranges:
        for start, end in chunks(low, high):
            check()
            deltas, tau_mtl = multi_task.at(start, end)
            own, rest = deltas.abs(), (tau_mtl - deltas).abs()
            for k, stop in enumerate(stops):
                masks = own > np.float32(stop).item() * rest
                kept[k] += masks.sum(dim=1).cpu()
                kept_by[k] += torch.bincount(masks.sum(dim=0), minlength=n_tasks + 1).cpu()
    return TallCurve(tuple(stops), kept.numpy(), kept_by.numpy())


def _curve_fused(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    stops: Sequence[float],
    vector: Vector,
    cut: Trim | None,
    sign_seed: int | None,
    check: Callable[[], None],
) -> TallCurve:
    """The same in one CPU pass."""
    n_tasks = task_vectors.n_tasks
    threshold = ties_threshold(task_vectors, ranges, vector, cut, check=check)
    groups = grouped(n_tasks, threshold, np.zeros(n_tasks, dtype=np.float32))
    found = [
        count_curve(
            task_vectors.deltas.numpy(),
            ranges,
            groups,
            np.asarray(stops[first : first + MOST_STOPS], dtype=np.float32),
            is_ties=vector is Vector.TIES,
            seed=None if sign_seed is None else seed_word(sign_seed),
            check=check,
        )
        for first in range(0, max(len(stops), 1), MOST_STOPS)
    ]
    kept, kept_by = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return TallCurve(tuple(stops), kept, kept_by)
