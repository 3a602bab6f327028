"""The maps of updates: tasks within one part of the model, and every layer of every task."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Numbers
from analysis.weights.descriptors import DESCRIPTORS, descriptors, standardised
from analysis.weights.projection import (
    FEW,
    Plane,
    nearest_neighbours,
    neighbours_kept,
    pca,
    pca_of_gram,
    points_of_gram,
    umap,
)
from analysis.weights.sign_conflict import cosine_by_chance
from analysis.weights.similarity_order import cosines
from analysis.weights.statistics import Sums
from app.words.numbers import count, fixed, percent

_DRAWS = 1000
"""How often tasks are dealt anew among the points; a 95 % range then stands to a percent."""


@dataclass(frozen=True, eq=False, slots=True)
class TaskMap:
    """Directions of the tasks' updates within one part of the model."""

    tasks: tuple[str, ...]
    cosines: Numbers
    """(T, T); 0 with a task that moved nothing."""
    points: Numbers
    """The unit vectors on a plane, (T, 2)."""
    explained: tuple[float, float] | None
    """Share of the variance along each axis of PCA; None for UMAP."""
    kept: float
    """Share of 5 nearest neighbours by cosine that the plane keeps, in [0, 1]."""
    cosine_by_chance: Numbers
    """Distance from 0 within which the cosines of all pairs would lie had every sign been drawn by chance,
    (T, T)."""
    explained_by_chance: float
    """What two axes explain of T directions that have nothing in common: 2 / (T − 1)."""
    n: int
    """Weights the directions are of."""

    @property
    def widest_chance(self) -> float:
        """The largest of `cosine_by_chance` between two tasks."""
        first, second = np.triu_indices(len(self.tasks), k=1)
        return float(self.cosine_by_chance[first, second].max(initial=0.0))


@dataclass(frozen=True, slots=True)
class Spot:
    """One point of the map of layers: a task's update of one group of weights."""

    task: str
    place: str
    """Key of the layer."""
    layer: str
    """What a chart calls it."""
    depth: int
    """Row of the layer, counted from the input."""
    component: str


@dataclass(frozen=True, eq=False, slots=True)
class LayerMap:
    """Descriptors of every layer and task on a plane."""

    spots: tuple[Spot, ...]
    values: Numbers
    """Descriptors before standardising, (N, len(DESCRIPTORS))."""
    points: Numbers
    """(N, 2)."""
    method: str
    """`pca` or `umap`; few points are laid out by PCA in any case."""
    explained: tuple[float, float] | None
    kept: float
    """Share of 5 nearest neighbours the plane keeps, in [0, 1]."""
    same_task: float
    """Share of points whose nearest neighbour, by descriptors and not on the plane, has the same task."""
    same_task_by_chance: tuple[float, float]
    """95 % range of that share where tasks are dealt anew among the points."""


def task_map(tasks: Sequence[str], sums: Sums) -> TaskMap:
    """Lay out the tasks by the directions of their updates; `sums` of all groups they are of, (G, …)."""
    alike = np.nan_to_num(cosines(sums.gram.sum(axis=0)))
    plane = pca_of_gram(alike)
    # Between unit vectors the nearer is the one with the larger cosine.
    kept = neighbours_kept(points_of_gram(alike), plane.points)
    return TaskMap(
        tasks=tuple(tasks),
        cosines=alike,
        points=plane.points,
        explained=plane.explained,
        kept=kept,
        cosine_by_chance=cosine_by_chance(sums),
        explained_by_chance=min(1.0, 2 / max(len(tasks) - 1, 1)),
        n=int(sums.n.sum()),
    )


def in_umap(found: TaskMap) -> TaskMap:
    """The same tasks laid out by UMAP of their unit vectors, neighbours by cosine."""
    vectors = points_of_gram(found.cosines)
    points = umap(vectors).points
    return replace(found, points=points, explained=None, kept=neighbours_kept(vectors, points))


def layer_map(spots: Sequence[Spot], sums: Sums, tasks: Sequence[str], *, method: str) -> LayerMap:
    """Lay out every group of weights of every task by its descriptors.

    Args:
        spots: Of each group and task, task by task within a group, (G · T,).
        sums: Of the groups, (G, …).
        tasks: Names, (T,).
        method: `pca` or `umap`.
    """
    found = descriptors(
        n=sums.n,
        base_l2_squared=sums.base_l2_squared,
        l1=sums.l1,
        gram=sums.gram,
        agree=sums.agree,
        conflict=sums.conflict,
    ).reshape(-1, len(DESCRIPTORS))
    known = np.asarray(np.isfinite(found).all(axis=1))
    values = found[known]
    shown = tuple(spot for spot, is_known in zip(spots, known.tolist(), strict=True) if is_known)
    if not len(values):
        return LayerMap((), values, np.zeros((0, 2)), "pca", None, 1.0, 0.0, (0.0, 0.0))
    table = standardised(values)
    used = "umap" if method == "umap" and len(values) >= FEW else "pca"
    plane: Plane = umap(table) if used == "umap" else pca(table)
    names = np.array([tasks.index(spot.task) for spot in shown])
    nearest = nearest_neighbours(table, 1)[:, 0]
    return LayerMap(
        spots=shown,
        values=values,
        points=plane.points,
        method=used,
        explained=plane.explained,
        kept=neighbours_kept(table, plane.points),
        same_task=_same_task(nearest, names),
        same_task_by_chance=_same_task_by_chance(nearest, names),
    )


def cosines_takeaway(found: TaskMap) -> str:
    """How alike the tasks' directions are."""
    n = len(found.tasks)
    if n < 2:
        return "One task alone has no other to be compared with."
    pairs = [(found.cosines[a, b], a, b) for a in range(n) for b in range(a + 1, n)]
    closest, a, b = max(pairs)
    if all(abs(cosine) <= found.cosine_by_chance[a, b] for cosine, a, b in pairs):
        return (
            "No two tasks clearly move alike, or opposed: with signs drawn by chance the cosines of "
            f"{count(found.n)} weights lie within ±{found.widest_chance:.2g} as well."
        )
    if n == 2:
        return f"{found.tasks[a]} and {found.tasks[b]} move with a cosine of {fixed(closest, 2)}."
    return (
        f"{found.tasks[a]} and {found.tasks[b]} move most alike, with a cosine of {fixed(closest, 2)}; "
        f"the mean pair has {fixed(float(np.mean([pair[0] for pair in pairs])), 2)}, and with signs drawn by "
        f"chance all lie within ±{found.widest_chance:.2g}."
    )


def task_map_takeaway(found: TaskMap) -> str:
    """Whether two axes say more of the tasks' directions than chance gives."""
    if len(found.tasks) < 4:
        return "So few tasks always fit on a plane, whatever their directions."
    if found.explained is None:
        return (
            f"UMAP keeps {percent(found.kept)} of each task's five nearest by cosine; random places would "
            f"keep {percent(5 / (len(found.tasks) - 1))}."
        )
    shared = sum(found.explained)
    said = f"Two axes hold {percent(shared)} of the {len(found.tasks)} directions"
    unrelated = f"the {percent(found.explained_by_chance)} of unrelated ones"
    if shared > 1.5 * found.explained_by_chance:
        return f"{said}, more than {unrelated}."
    return f"{said}, hardly more than {unrelated}: do not read groups into this picture."


def layer_map_takeaway(found: LayerMap) -> str:
    """Whether a task's layers lie together more often than dealt tasks would."""
    if len(found.spots) < 3:
        return "Too few layers were moved for a map."
    said = f"{percent(found.same_task)} of the points have a nearest neighbour of their own task"
    low, high = found.same_task_by_chance
    chance = f"{percent(low)} to {percent(high)} would by chance"
    if found.same_task > high:
        return f"{said}; {chance}: a task's layers resemble one another."
    return f"{said}; {chance}: by these numbers a task's layers are no more alike than others'."


def task_map_rows(found: TaskMap) -> list[dict[str, Any]]:
    """The map as a table."""
    return [
        {"task": task, "x": float(x), "y": float(y)}
        for task, (x, y) in zip(found.tasks, found.points, strict=True)
    ]


def layer_map_rows(found: LayerMap) -> list[dict[str, Any]]:
    """The map as a table: position and descriptors of every point."""
    return [
        {
            "task": spot.task,
            "layer": spot.layer,
            "component": spot.component,
            "x": float(point[0]),
            "y": float(point[1]),
            **{name: float(value) for name, value in zip(DESCRIPTORS, values, strict=True)},
        }
        for spot, point, values in zip(found.spots, found.points, found.values, strict=True)
    ]


def _same_task(nearest: NDArray[np.int64], names: NDArray[np.int64]) -> float:
    return float((names[nearest] == names).mean())


def _same_task_by_chance(nearest: NDArray[np.int64], names: NDArray[np.int64]) -> tuple[float, float]:
    generator = np.random.default_rng(0)
    dealt = [_same_task(nearest, generator.permutation(names)) for _ in range(_DRAWS)]
    low, high = np.quantile(dealt, [0.025, 0.975])
    return float(low), float(high)
