"""Directions of the tasks' updates on a plane, within one part of the model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    drawn = _explained_by_chance(sums)
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
    return f"{text}, no more than by chance ({chance}): do not read groups into this picture."


def axes_stand_out(found: TaskMap) -> bool:
    """Whether two axes of PCA explain more than they do with random signs in any of many draws."""
    return found.explained is not None and sum(found.explained) > found.most_by_chance


def _explained_by_chance(sums: Sums) -> Numbers:
    """What the first two axes explain of the same magnitudes with random signs, (draws,), in [0, 1].

    The scalar product of two updates is then about normal, with the variance Σ τ_i² τ_j².
    """
    length = np.sqrt(np.einsum("gtt->t", sums.gram))
    product = np.outer(length, length)
    spread = np.sqrt(sums.squared_gram.sum(axis=0))
    spread = np.divide(spread, product, out=np.zeros_like(product), where=product > 0)
    n = len(length)
    noise = np.random.default_rng(0).normal(size=(DRAWS, n, n)) * spread
    upper = np.triu(noise, k=1).clip(-1.0, 1.0)
    alike = upper + upper.transpose(0, 2, 1) + np.diag((length > 0).astype(float))
    centring = np.eye(n) - 1 / n
    values = np.linalg.eigvalsh(centring @ alike @ centring).clip(min=0.0)
    total = values.sum(axis=1)
    explained: Numbers = np.divide(
        values[:, -2:].sum(axis=1), total, out=np.ones_like(total), where=total > 0
    )
    return explained


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
