"""Task vectors of weights in memory, made as a zoo's are when its files are read."""

from collections.abc import Sequence

from torch import Tensor

from analysis.model.arriving import ArrivingUpdate
from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors


def vectors_of_weights(
    theta_0: Tensor, weights: Tensor, *, tasks: Sequence[str], layout: Layout
) -> TaskVectors:
    """τ_t = θ_t − θ_0 of weights, (T, P), on a base, (P,); in the memory of the weights."""
    moved = []
    for task, row in zip(tasks, weights, strict=True):
        arriving = ArrivingUpdate(row, theta_0, layout)
        for parameter in layout.parameters:
            arriving.take(parameter.name, 0, row[parameter.start : parameter.stop])
        moved.append(arriving.moved(whose=f"Task '{task}'"))
    return TaskVectors(layout, tuple(tasks), theta_0, weights, tuple(map(any, zip(*moved, strict=True))))
