"""Cosines between the tasks' updates, within one part of the model."""

from typing import Any

import numpy as np

from app.views.map.tasks import TaskMap
from app.words.numbers import count, fixed

_LEAST_COSINE = 0.1
"""Cosine that has the fullest colour at least, so that noise is pale."""


def cosine_values(found: TaskMap) -> list[list[float | None]]:
    """Cosines of the cells, (T, T); None on the diagonal."""
    n = range(len(found.tasks))
    return [[None if a == b else float(found.cosines[a, b]) for b in n] for a in n]


def cosine_texts(found: TaskMap) -> list[list[str]]:
    """What is written into the cells, (T, T)."""
    return [["" if one is None else fixed(one, 2) for one in row] for row in cosine_values(found)]


def cosine_hovers(found: TaskMap) -> list[list[str]]:
    """What stands under the mouse at each cell, (T, T)."""
    return [
        [
            "" if value is None else f"{a} and {b}: cosine {fixed(value, 3)}"
            for b, value in zip(found.tasks, row, strict=True)
        ]
        for a, row in zip(found.tasks, cosine_values(found), strict=True)
    ]


def largest_cosine(found: TaskMap) -> float:
    """Distance from 0 of the fullest colours."""
    first, second = np.triu_indices(len(found.tasks), k=1)
    return float(np.abs(found.cosines[first, second]).max(initial=_LEAST_COSINE))


def cosines_takeaway(found: TaskMap) -> str:
    """Which two tasks have the most similar directions, and whether chance could give as much."""
    n = len(found.tasks)
    if n < 2:
        return "One task alone has no other to be compared with."
    pairs = _pairs(found)
    closest, a, b = max(pairs)
    within = f"within ±{found.widest_chance:.2g}"
    if not cosines_beyond_chance(found):
        return (
            "No two tasks clearly point in similar or in opposite directions: with random signs, the cosines "
            f"of {count(found.n)} weights would lie {within} too."
        )
    names = f"'{found.tasks[a]}' and '{found.tasks[b]}'"
    if n == 2:
        return f"{names} have a cosine of {fixed(closest, 2)}; with random signs it would lie {within}."
    mean = float(np.mean([pair[0] for pair in pairs]))
    return (
        f"{names} are most alike, with a cosine of {fixed(closest, 2)}; the mean over all pairs is "
        f"{fixed(mean, 2)}, and with random signs all would lie {within}."
    )


def cosines_beyond_chance(found: TaskMap) -> bool:
    """Whether a cosine lies further from 0 than those of all pairs would with random signs."""
    return any(abs(cosine) > found.cosine_by_chance[a, b] for cosine, a, b in _pairs(found))


def cosine_rows(found: TaskMap) -> list[dict[str, Any]]:
    """The cosines as a table, each pair once."""
    return [
        {
            "task_a": a,
            "task_b": b,
            "cosine": float(found.cosines[i, j]),
            "within_by_chance": float(found.cosine_by_chance[i, j]),
        }
        for i, a in enumerate(found.tasks)
        for j, b in enumerate(found.tasks)
        if i < j
    ]


def _pairs(found: TaskMap) -> list[tuple[float, int, int]]:
    """The cosine of each pair of tasks, and the two."""
    n = len(found.tasks)
    return [(float(found.cosines[a, b]), a, b) for a in range(n) for b in range(a + 1, n)]
