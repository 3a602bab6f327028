"""Task vectors: the updates that fine-tuning made, as one flat matrix.

Source: Ilharco et al., Editing models with task arithmetic, ICLR 2023, arXiv:2212.04089.
"""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.errors import AnalysisError, MismatchError
from analysis.model.layout import Layout


@dataclass(frozen=True, eq=False)
class TaskVectors:
    """Task vectors τ_t = θ_t − θ_0 of T tasks on one base."""

    layout: Layout
    tasks: tuple[str, ...]
    theta_0: Tensor
    """Pre-trained weights, (P,), float32."""
    deltas: Tensor
    """Task vectors, (T, P), float32, contiguous; one parameter's or one block's columns are a view."""
    changed: tuple[bool, ...]
    """For each parameter of the layout: whether some task changed it."""

    @property
    def n_tasks(self) -> int:
        """T."""
        return len(self.tasks)


def task_vectors_in_place(
    theta_0: Tensor,
    weights: Tensor,
    *,
    tasks: Sequence[str],
    layout: Layout,
    updates: Collection[str] = (),
    check: Callable[[], None] = lambda: None,
) -> TaskVectors:
    """Turn fine-tuned weights into task vectors, in the same memory.

        τ_t = θ_t − θ_0

    Args:
        theta_0: Pre-trained weights, (P,), float32.
        weights: Fine-tuned weights, (T, P), float32; overwritten with the task vectors.
        tasks: T distinct names.
        layout: Where each parameter lies.
        updates: Tasks whose row holds τ already, as an adapter gives it.
        check: Called before every task; raises to stop, with some of the weights turned already.

    Raises:
        MismatchError: Two tasks share a name, or sizes do not fit together.
        AnalysisError: A weight is NaN or infinite; the message names task and tensor.
    """
    if len(set(tasks)) != len(tasks):
        twice = next(task for task in tasks if list(tasks).count(task) > 1)
        raise MismatchError(f"Two tasks are called '{twice}'; names must be distinct.")
    if weights.shape != (len(tasks), layout.n_weights) or theta_0.shape != (layout.n_weights,):
        raise MismatchError(
            f"Weights are {tuple(weights.shape)} on a base of {tuple(theta_0.shape)}; "
            f"{len(tasks)} tasks of {layout.n_weights} weights were expected."
        )
    largest_updates(theta_0, layout, whose="The base")
    changed = [False] * len(layout.parameters)
    for task, row in zip(tasks, weights, strict=True):
        check()
        if task not in updates:
            row.sub_(theta_0)
        sizes = largest_updates(row, layout, whose=f"Task '{task}'")
        changed = [before or size > 0 for before, size in zip(changed, sizes, strict=True)]
    return TaskVectors(layout, tuple(tasks), theta_0, weights, tuple(changed))


def largest_updates(flat: Tensor, layout: Layout, *, whose: str) -> list[float]:
    """Largest magnitude in each parameter of a flat vector, weight units, ≥ 0.

    Raises:
        AnalysisError: A value is NaN or infinite.
    """
    sizes = []
    for parameter in layout.parameters:
        values = flat[parameter.start : parameter.stop]
        # aminmax keeps NaN and infinity, so one pass checks and measures; a maximum norm takes 17 passes.
        low, high = torch.aminmax(values) if parameter.n_weights else (0.0, 0.0)
        size = max(-float(low), float(high))
        if not math.isfinite(size):
            raise AnalysisError(
                f"{whose}: '{parameter.name}' holds NaN or infinite values; weights must be finite. "
                "Save the checkpoint again from a run that converged."
            )
        sizes.append(size)
    return sizes
