"""Counts of the weights TALL masks keep over a range of λ.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from analysis.arrays import Integers
from analysis.kernels.tall_curve import MOST_STOPS, count_curve
from analysis.masks.multi_task_vector import MaskInputs, MultiTaskVector
from analysis.masks.tall import fits_one_pass, require_lambda, updates_of
from analysis.model.layout import chunks


@dataclass(frozen=True, eq=False, slots=True)
class TallCurve:
    """Counts over a range of λ that all tasks share."""

    stops: tuple[float, ...]
    """λ, ascending, (N,)."""
    kept: Integers
    """Weights each task's mask keeps at each λ, (N, T)."""
    kept_by: Integers
    """Weights kept by 0 … T masks at each λ, (N, T + 1)."""


def tall_curve(
    inputs: MaskInputs, stops: Sequence[float], *, check: Callable[[], None] = lambda: None
) -> TallCurve:
    """Count kept weights at many λ that all tasks share, reading the task vectors once.

    Args:
        inputs: What the masks are made from.
        stops: λ, ascending, (N,), ≥ 0.
        check: Called often; raises to stop.

    Raises:
        ParameterRangeError: A λ is negative or not finite.
    """
    for stop in stops:
        require_lambda([stop] * inputs.task_vectors.n_tasks, inputs.task_vectors)
    count = _curve_fused if fits_one_pass(inputs) else tall_curve_reference
    return count(inputs, stops, check=check)


def tall_curve_reference(
    inputs: MaskInputs, stops: Sequence[float], *, check: Callable[[], None] = lambda: None
) -> TallCurve:
    """The same in plain torch, on any device; see `tall_curve`."""
    n_tasks = inputs.task_vectors.n_tasks
    kept = torch.zeros(len(stops), n_tasks, dtype=torch.int64)
    kept_by = torch.zeros(len(stops), n_tasks + 1, dtype=torch.int64)
    multi_task = MultiTaskVector(inputs, check=check)
    for low, high in inputs.ranges:
        for start, end in chunks(low, high):
            check()
            deltas, tau_mtl = multi_task.at(start, end)
            own, rest = deltas.abs(), (tau_mtl - deltas).abs()
            for k, stop in enumerate(stops):
                masks = own > np.float32(stop).item() * rest
                kept[k] += masks.sum(dim=1).cpu()
                kept_by[k] += torch.bincount(masks.sum(dim=0), minlength=n_tasks + 1).cpu()
    return TallCurve(tuple(stops), kept.numpy(), kept_by.numpy())


def _curve_fused(inputs: MaskInputs, stops: Sequence[float], *, check: Callable[[], None]) -> TallCurve:
    """The same in one CPU pass."""
    rows = updates_of(inputs, [0.0] * inputs.task_vectors.n_tasks, check)
    found = [
        count_curve(
            rows,
            inputs.ranges,
            np.asarray(stops[first : first + MOST_STOPS], dtype=np.float32),
            check=check,
        )
        for first in range(0, max(len(stops), 1), MOST_STOPS)
    ]
    kept, kept_by = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return TallCurve(tuple(stops), kept, kept_by)
