"""The weights of one tensor that a task changed most, and the sign of the other tasks' updates there."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.model.task_vectors import TaskVectors
from analysis.weights.most_moved import MovedWeights, most_moved
from app.views.update_norms.tensors import MovedTensor
from app.words.numbers import percent
from app.work.jobs import JobContext
from app.work.measurement import Measurement

MOST = 100
"""Weights listed."""


def weights_changed_most(
    task_vectors: TaskVectors, task: str, tensor: MovedTensor
) -> Measurement[tuple[str, str], MovedWeights]:
    """The weights of one tensor that one task changed most."""
    inside = slice(tensor.segment.start, tensor.segment.stop)

    def compute(_: JobContext) -> MovedWeights:
        return most_moved(
            task_vectors.theta_0[inside],
            task_vectors.deltas[:, inside],
            task=task_vectors.tasks.index(task),
            most=MOST,
        )

    return Measurement((task, tensor.word), compute)


def moved_weight_rows(
    found: MovedWeights, tasks: Sequence[str], task: str, shape: tuple[int, ...]
) -> list[dict[str, Any]]:
    """One row per weight: its place, its base, its update, and how many others change it in either direction.

    Args:
        found: Weights of one tensor.
        tasks: T names, as the rows of its deltas.
        task: The one that changed these weights most.
        shape: The tensor's.
    """
    one = found.deltas[tasks.index(task)]
    along = np.sign(found.deltas) * np.sign(one)  # (T, k)
    places = np.stack(np.unravel_index(found.index, shape), axis=1) if shape else found.index[:, None]
    return [
        {
            "weight": ", ".join(str(at) for at in places[k]),
            "theta_0": float(found.theta_0[k]),
            "tau": float(one[k]),
            "same_way": int((along[:, k] > 0).sum()) - 1,
            "other_way": int((along[:, k] < 0).sum()),
        }
        for k in range(len(found.index))
    ]


def moved_weights_takeaway(found: MovedWeights, tasks: Sequence[str], task: str) -> str:
    """The largest update, and whether the others agree in sign there more than by chance.

    Chance is a share of a half, give or take two standard deviations as if all others changed a weight
    together: the weights are counted, not the votes.
    """
    k = len(found.index)
    if not k:
        return f"'{task}' did not change this tensor."
    one = found.deltas[tasks.index(task)]
    size = abs(float(one[0]))
    largest = f"The largest update of '{task}' here is {size:.2g}, {size / found.rms:.1f} times its RMS"
    along = np.delete(np.sign(found.deltas) * np.sign(one), tasks.index(task), axis=0)
    moved = int((along != 0).sum())
    if not moved:
        return f"{largest}; no other task changes these weights."
    share = float((along > 0).sum()) / moved
    margin = 2 * math.sqrt(0.25 / k)
    if abs(share - 0.5) <= margin:
        judged = "no more than chance"
    else:
        judged = "more than by chance" if share > 0.5 else "less than by chance"
    weights = "this weight" if k == 1 else f"the {k} weights it changes most"
    return f"{largest}; on {weights}, {percent(share)} of the others' updates have the same sign, {judged}."
