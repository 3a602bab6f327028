"""The weights of one tensor that a task changed most, and the sign of the other tasks' updates there."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.model.task_vectors import TaskVectors
from analysis.weights.most_moved import MovedWeights, most_moved
from analysis.weights.sign_votes import sign_votes
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
    """The largest update, and whether the others agree in sign there more than by chance."""
    k = len(found.index)
    if not k:
        return f"'{task}' did not change this tensor."
    row = tasks.index(task)
    size = abs(float(found.deltas[row, 0]))
    largest = f"The largest update of '{task}' here is {size:.2g}, {size / found.rms:.1f} times its RMS"
    votes = sign_votes(found.deltas, row)
    if not votes.n:
        return f"{largest}; no other task changes these weights."
    weights = "this weight" if k == 1 else f"the {k} weights it changes most"
    updates = "the only update by another task has" if votes.n == 1 else f"the others' {votes.n} updates have"
    share = "" if votes.n == 1 else f"{percent(votes.same / votes.n)} of "
    same = "the opposite sign" if votes.n == 1 and not votes.same else "the same sign"
    return f"{largest}; on {weights}, {share}{updates} {same}{_JUDGED[votes.side]}."


_JUDGED = {
    -1: ", less than by chance",
    0: ": no clear difference from chance",
    1: ", more than by chance",
}
