"""The weights a task moved furthest, and whether the other tasks go along."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.weights.most_moved import MovedWeights
from app.words.numbers import percent


def moved_weight_rows(
    found: MovedWeights, tasks: Sequence[str], task: str, shape: tuple[int, ...]
) -> list[dict[str, Any]]:
    """One row a weight: where it is, what it was, its move, and how many others move it either way.

    Args:
        found: Weights of one tensor.
        tasks: T names, as the rows of its deltas.
        task: The one whose furthest moves these are.
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
    """How far the furthest move is, and whether the others agree there more than by chance.

    Chance is a share of a half, give or take two standard deviations as if all others moved alike: the
    weights are counted, not the votes.
    """
    k = len(found.index)
    if not k:
        return f"{task} did not move this tensor."
    one = found.deltas[tasks.index(task)]
    said = (
        f"The furthest move of {task} is {abs(one[0]):.2g}, {abs(one[0]) / found.rms:.1f} times its RMS here"
    )
    along = np.delete(np.sign(found.deltas) * np.sign(one), tasks.index(task), axis=0)
    moved = int((along != 0).sum())
    if not moved:
        return f"{said}; no other task moves these weights."
    share = float((along > 0).sum()) / moved
    margin = 2 * math.sqrt(0.25 / k)
    if abs(share - 0.5) <= margin:
        judged = "no more than chance"
    else:
        judged = "more than by chance" if share > 0.5 else "less than by chance"
    return f"{said}; where it moves furthest, {percent(share)} of the others' moves go its way, {judged}."
