"""Owners of selfish weights: the tasks whose masks alone keep them, layer by layer."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from app.views.tall_masks.split import ALIKE, Split
from app.words.numbers import percent


def owners_takeaway(split: Split, tasks: Sequence[str], nulls: Sequence[Split]) -> str:
    """Which task owns most of the selfish weights, and whether the sizes of the updates explain it.

    Args:
        split: All rows shown.
        tasks: Names, (T,).
        nulls: The same with random signs.
    """
    shares = _ownership(split)
    if shares is None:
        return "No weight is kept by exactly one mask."
    most, even = int(shares.argmax()), 1 / len(tasks)
    text = f"'{tasks[most]}' owns {percent(float(shares[most]))} of the selfish weights"
    drawn = [float(one[most]) for one in map(_ownership, nulls) if one is not None]
    if not drawn:
        return f"{text} (an even split: {percent(even)})."
    by_size = float(np.mean(drawn))
    text += f" (an even split: {percent(even)}; the same update sizes with random signs: {percent(by_size)})"
    if abs(shares[most] - by_size) >= ALIKE:
        return f"{text}."
    if by_size - even < ALIKE:
        return f"{text}: no task owns clearly more than the others."
    return f"{text}: the size of its update explains it."


def owner_cells(split: Split) -> list[list[float | None]]:
    """Share of each row's changed weights that each task owns; None in a row without any."""
    return [
        [float(share) if n else None for share in row] for row, n in zip(split.owners, split.n, strict=True)
    ]


def owner_hovers(split: Split, tasks: Sequence[str]) -> list[list[str]]:
    """What stands at the mouse over each cell."""
    return [
        [
            f"{label}: {percent(float(share))} of the changed weights are kept by '{task}' alone"
            for task, share in zip(tasks, row, strict=True)
        ]
        for label, row in zip(split.labels, split.owners, strict=True)
    ]


def owner_rows(split: Split, tasks: Sequence[str], *, what: str) -> list[dict[str, Any]]:
    """The owners of selfish weights as a table."""
    return [
        {
            what: label,
            "weights changed": int(n),
            **{f"{task} alone": float(share) for task, share in zip(tasks, shares, strict=True)},
        }
        for label, n, shares in zip(split.labels, split.n, split.owners, strict=True)
    ]


def _ownership(split: Split) -> Numbers | None:
    """Share of all selfish weights that each task owns, (T,); None where there are none."""
    owned = (split.owners * split.n[:, None]).sum(axis=0)
    return np.asarray(owned / owned.sum()) if owned.sum() else None
