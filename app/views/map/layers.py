"""Every layer of every task on a plane, by descriptors that can be compared across layers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Numbers
from analysis.model.places import Place
from analysis.model.segments import Segment
from analysis.weights.descriptors import DESCRIPTORS, descriptors, standardised
from analysis.weights.projection import FEW, Plane, nearest_neighbours, neighbours_kept, pca, umap
from analysis.weights.statistics import Statistics, Sums
from app.views.map.dots import Dots
from app.words.numbers import percent
from app.words.parts import COMPONENT_NAMES

COLOURS = ("task", "layer", "component")
"""What the colours of the points may show."""

_DRAWS = 1000
"""How often tasks are dealt at random among the points; a 95 % range then stands to a percent."""


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
    """95 % range of that share where tasks are dealt at random among the points."""


def layers_of(
    statistics: Statistics, places: Sequence[Place], *, by_component: bool, method: str
) -> LayerMap:
    """The map of all layers, or of the components of each.

    Args:
        statistics: Of the weights in scope.
        places: Layers in the order of the network.
        by_component: Whether the kinds of weights of a layer are points of their own.
        method: `pca` or `umap`.
    """
    depth = {place.key: row for row, place in enumerate(places)}

    def group(segment: Segment) -> tuple[int, str]:
        return depth[segment.place.key], segment.component if by_component else "all"

    groups, sums = statistics.by(group)
    spots = [
        Spot(task, places[row].key, places[row].label, row, component)
        for row, component in groups
        for task in statistics.tasks
    ]
    return layer_map(spots, sums, statistics.tasks, method=method)


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
    names = np.array([tasks.index(spot.task) for spot in shown])
    table = standardised(_beside_own_median(values, names))
    used = "umap" if method == "umap" and len(values) >= FEW else "pca"
    plane: Plane = umap(table) if used == "umap" else pca(table)
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


def layer_dots(found: LayerMap, colour: str, tasks: Sequence[str]) -> list[Dots]:
    """The points by what their colours show.

    Args:
        found: The points.
        colour: One of `COLOURS`.
        tasks: All of the zoo: a task has the hue here that it has among the directions.
    """

    def group(spot: Spot) -> str:
        if colour == "component":
            return COMPONENT_NAMES.get(spot.component, spot.component)
        return spot.layer if colour == "layer" else spot.task

    by_depth = sorted(found.spots, key=lambda spot: spot.depth)
    names = list(tasks) if colour == "task" else list(dict.fromkeys(map(group, by_depth)))
    dots = []
    for name in names:
        members = [k for k, spot in enumerate(found.spots) if group(spot) == name]
        spots = [found.spots[k] for k in members]
        dots.append(
            Dots(
                name,
                [float(found.points[k, 0]) for k in members],
                [float(found.points[k, 1]) for k in members],
                [f"{spot.task}, layer {spot.layer}" for spot in spots],
                [[spot.task, spot.place] for spot in spots],
            )
        )
    return dots


def layers_resemble(found: LayerMap) -> bool:
    """Whether more points than by chance have a nearest neighbour of their own task."""
    return found.same_task > found.same_task_by_chance[1]


def layer_map_takeaway(found: LayerMap) -> str:
    """Whether a task's layers lie together more often than by chance."""
    if len(found.spots) < 3:
        return "Too few layers changed for a map."
    low, high = found.same_task_by_chance
    text = (
        f"For {percent(found.same_task)} of the points the nearest neighbour belongs to the same task, where "
        f"chance gives {percent(low)} to {percent(high)}"
    )
    if layers_resemble(found):
        return f"{text}: a task's layers resemble one another."
    return f"{text}: by these numbers, a task's layers are no more alike than those of different tasks."


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


def _beside_own_median(values: Numbers, names: NDArray[np.int64]) -> Numbers:
    """The descriptors, with each task's median size subtracted.

    A task that changes everything more than the others is no resemblance of its layers: Update norms shows
    it, and without this it alone would decide which points are neighbours. The median, because one small
    layer of a size of its own would move the mean, and with it all other layers of the task together.
    """
    found, size = values.copy(), DESCRIPTORS.index("size")
    for name in np.unique(names):
        found[names == name, size] -= np.median(values[names == name, size])
    return found


def _same_task(nearest: NDArray[np.int64], names: NDArray[np.int64]) -> float:
    return float((names[nearest] == names).mean())


def _same_task_by_chance(nearest: NDArray[np.int64], names: NDArray[np.int64]) -> tuple[float, float]:
    generator = np.random.default_rng(0)
    dealt = [_same_task(nearest, generator.permutation(names)) for _ in range(_DRAWS)]
    low, high = np.quantile(dealt, [0.025, 0.975])
    return float(low), float(high)
