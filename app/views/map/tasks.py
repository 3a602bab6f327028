"""Directions of the tasks' updates on a plane, within one part of the model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Any

import numpy as np

from analysis.arrays import Numbers
from analysis.weights.projection import FEW, neighbours_kept, pca_of_gram, points_of_gram, umap
from analysis.weights.sign_conflict import cosine_by_chance
from analysis.weights.similarity_order import cosines
from analysis.weights.statistics import Statistics, Sums
from app.views.map.dots import Dots
from app.views.map.layouts import kept_by_chance
from app.words.numbers import percent

DRAWS = 1000
"""Of the tasks' scalar products under random signs."""
_FEWEST = 25
"""Independent weights from which the law of large numbers can be trusted."""
_LEAST = 0.001
"""Share by which two axes must exceed every draw."""


@dataclass(frozen=True, eq=False, slots=True)
class TaskMap:
    """Directions of the tasks' updates within one part of the model."""

    tasks: tuple[str, ...]
    cosines: Numbers
    """(T, T); 0 with a task that changed nothing."""
    points: Numbers
    """The unit vectors on a plane, (T, 2)."""
    explained: tuple[float, float] | None
    """Share of the variance along each axis of PCA; None for UMAP."""
    kept: float
    """Share of 5 nearest neighbours by cosine that the plane keeps, in [0, 1]."""
    cosine_by_chance: Numbers
    """Distance from 0 within which the cosines of all pairs would lie with random signs, (T, T)."""
    explained_by_chance: float
    """What two axes explain of T directions whose signs are random, at the middle of many draws."""
    most_by_chance: float
    """What they explain in any of the draws at most."""
    n_independent: float
    """Weights of equal size that would vary the tasks' scalar products as much; the fewest of any pair."""
    n: int
    """Weights the directions are of."""

    @property
    def widest_chance(self) -> float:
        """The largest of `cosine_by_chance` between two tasks."""
        first, second = np.triu_indices(len(self.tasks), k=1)
        return float(self.cosine_by_chance[first, second].max(initial=0.0))


def task_map_within(statistics: Statistics, *, place: str | None, component: str | None) -> TaskMap:
    """The map of the weights of one layer, of one component, of both, or of all."""
    chosen = [
        row
        for row, segment in enumerate(statistics.segments)
        if place in (None, segment.place.key) and component in (None, segment.component)
    ]
    return task_map(statistics.tasks, statistics.sums.at(chosen))


def task_map(tasks: Sequence[str], sums: Sums) -> TaskMap:
    """Lay out the tasks by the directions of their updates; `sums` of all groups they are of, (G, …)."""
    alike = np.nan_to_num(cosines(sums.gram.sum(axis=0)))
    plane = pca_of_gram(alike)
    spread = _spread_by_chance(sums)
    drawn = _explained_by_chance(spread, alike.diagonal())
    # Between unit vectors the nearer is the one with the larger cosine.
    kept = neighbours_kept(points_of_gram(alike), plane.points)
    return TaskMap(
        tasks=tuple(tasks),
        cosines=alike,
        points=plane.points,
        explained=plane.explained,
        kept=kept,
        cosine_by_chance=cosine_by_chance(sums),
        explained_by_chance=float(np.median(drawn)),
        most_by_chance=float(drawn.max()),
        n_independent=1 / float(spread.max(initial=0.0)) ** 2 if spread.any() else inf,
        n=int(sums.n.sum()),
    )


def in_umap(found: TaskMap) -> TaskMap:
    """The same tasks laid out by UMAP of their unit vectors, neighbours by cosine."""
    vectors = points_of_gram(found.cosines)
    points = umap(vectors).points
    return replace(found, points=points, explained=None, kept=neighbours_kept(vectors, points))


def task_dots(found: TaskMap) -> list[Dots]:
    """The tasks, each with a colour of its own."""
    return [
        Dots(task, [float(x)], [float(y)], [task], [[task]])
        for task, (x, y) in zip(found.tasks, found.points, strict=True)
    ]


def task_map_takeaway(found: TaskMap) -> str:
    """Whether two axes show more of the tasks' directions than chance gives."""
    n = len(found.tasks)
    if n < 4:
        return "Three tasks or fewer always fit on a plane, whatever their directions."
    if found.explained is None:
        return (
            f"UMAP keeps {percent(found.kept)} of each task's five nearest neighbours by cosine; random "
            f"positions would keep {percent(kept_by_chance(n))}."
        )
    text = f"Two axes explain {percent(sum(found.explained))} of the variance among the {n} directions"
    chance = (
        f"{percent(found.explained_by_chance)} with random signs, at most {percent(found.most_by_chance)}"
    )
    if axes_stand_out(found):
        return f"{text}, more than by chance ({chance})."
    if found.n_independent < _FEWEST:
        return (
            f"{text}; a few weights make up the updates, so chance can give as much: do not read groups here."
        )
    return f"{text}, no more than by chance ({chance}): do not read groups into this picture."


def axes_stand_out(found: TaskMap) -> bool:
    """Whether two axes of PCA explain more than they do with random signs in any of many draws."""
    if found.explained is None or found.n_independent < _FEWEST:
        return False
    return sum(found.explained) > found.most_by_chance + _LEAST


def _spread_by_chance(sums: Sums) -> Numbers:
    """Standard deviation of each cosine under random signs, (T, T); 0 on the diagonal."""
    length = np.sqrt(np.einsum("gtt->t", sums.gram))
    product = np.outer(length, length)
    deviation = np.sqrt(sums.squared_gram.sum(axis=0))
    spread: Numbers = np.divide(deviation, product, out=np.zeros_like(product), where=product > 0)
    np.fill_diagonal(spread, 0.0)
    return spread


def _explained_by_chance(spread: Numbers, lengths: Numbers) -> Numbers:
    """What the first two axes explain of the same magnitudes with random signs, (draws,), in [0, 1].

    The cosine of two updates of many weights is then about normal, with the variance Σ τ_i² τ_j² over their
    squared lengths.

    Args:
        spread: From `_spread_by_chance`.
        lengths: Of the directions: 1, or 0 for a task that changed nothing, (T,).
    """
    n = len(lengths)
    upper = np.triu(np.random.default_rng(0).normal(size=(DRAWS, n, n)) * spread, k=1).clip(-1.0, 1.0)
    centring = np.eye(n) - 1 / n
    alike = upper + upper.transpose(0, 2, 1) + np.diag(lengths)
    values = np.linalg.eigvalsh(centring @ alike @ centring).clip(min=0.0)
    total = values.sum(axis=1)
    share: Numbers = np.divide(values[:, -2:].sum(axis=1), total, out=np.ones_like(total), where=total > 0)
    return share


def task_map_note(found: TaskMap) -> str:
    """How the positions are to be read."""
    if found.explained is None:
        return "UMAP of the tasks' unit vectors: only which points are neighbours has a meaning."
    text = (
        "PCA of the tasks' unit vectors. Nearby points have similar directions only as far as two axes can "
        "show."
    )
    if len(found.tasks) < FEW:
        text += " UMAP would invent groups among so few points."
    return text


def task_map_rows(found: TaskMap) -> list[dict[str, Any]]:
    """The map as a table."""
    return [
        {"task": task, "x": float(x), "y": float(y)}
        for task, (x, y) in zip(found.tasks, found.points, strict=True)
    ]
