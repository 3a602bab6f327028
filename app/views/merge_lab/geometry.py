"""A recipe's merged update against every task's own: measured by layer, as cells, sentences and a table."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.arrays import Numbers
from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant
from analysis.model.places import Place, places
from analysis.model.scope import scope_ranges
from analysis.model.segments import segments
from analysis.weights.merge_geometry import MergeGeometry, cosines_at_right_angles, merge_geometry
from app.bench.workbench import Workbench
from app.words.numbers import Rows, number_or_none, percent
from app.words.parts import place_name, row_labels
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.store import Arrays

WHOLE = "whole merge"
"""The row above the layers."""


class Seen(StrEnum):
    """What the cells show of the merged update u and a task vector τ."""

    COSINE = "Cosine"
    OPPOSED = "Opposed"
    LENGTH = "Length"


@dataclass(frozen=True, eq=False, slots=True)
class LayerGeometry:
    """The merged update of one recipe, in each layer."""

    recipe: Recipe
    tasks: tuple[str, ...]
    """In the zoo's order."""
    places: tuple[Place, ...]
    """Layers with weights in the recipe's scope, in network order."""
    by_place: MergeGeometry
    """One group for each of them."""

    @property
    def at_right_angles(self) -> Numbers:
        """Cosine that each task would have in a sum with the recipe's weights, (T,)."""
        scale = self.recipe.scale
        sign = -1.0 if isinstance(scale, Constant) and scale.scaling < 0 else 1.0
        weights = sign * np.array([self.recipe.weights[task] for task in self.tasks])
        return cosines_at_right_angles(np.sqrt(self.by_place.whole.task_l2_squared[0]), weights)


def layer_geometry(bench: Workbench, recipe: Recipe) -> Measurement[str, LayerGeometry]:
    """The geometry of a recipe.

    Args:
        bench: Its merged weights are overwritten where it must be computed.
        recipe: As the lab has it, with its scale.
    """
    return bench.remembered.measurement(
        "merge geometry",
        recipe.digest(),
        lambda context: _measured(bench, recipe, context),
        lambda arrays: _geometry(bench, recipe, arrays),
        recipe=recipe.digest(),
    )


def _in_scope(bench: Workbench, recipe: Recipe) -> dict[Place, list[tuple[int, int]]]:
    vectors = bench.zoo.task_vectors
    columns: dict[Place, list[tuple[int, int]]] = {place: [] for place in places(vectors.layout)}
    for segment in segments(vectors.layout, scope_ranges(vectors, recipe.scope)):
        columns[segment.place].append((segment.start, segment.stop))
    return {place: found for place, found in columns.items() if found}


def _measured(bench: Workbench, recipe: Recipe, context: JobContext) -> Arrays:
    merged = bench.engine.merge(recipe, check=context.check)
    groups = [
        [(start, stop, merged.factors.of(place.tower, place.layer)) for start, stop in columns]
        for place, columns in _in_scope(bench, recipe).items()
    ]
    found = merge_geometry(bench.engine.tau_mtl, bench.zoo.task_vectors.deltas, groups, check=context.check)
    return {
        "l2_squared": found.l2_squared,
        "task_l2_squared": found.task_l2_squared,
        "products": found.products,
        "task_l1": found.task_l1,
        "opposed_l1": found.opposed_l1,
    }


def _geometry(bench: Workbench, recipe: Recipe, arrays: Arrays) -> LayerGeometry:
    return LayerGeometry(recipe, bench.tasks, tuple(_in_scope(bench, recipe)), MergeGeometry(**arrays))


def geometry_values(found: LayerGeometry, seen: Seen) -> list[list[float | None]]:
    """What is seen of the whole merge and of each layer, (1 + layers, T); None where it has no number."""
    table = np.concatenate([_numbers(found.by_place.whole, seen), _numbers(found.by_place, seen)])
    return [[number_or_none(value) for value in row] for row in table]


def geometry_labels(found: LayerGeometry) -> list[str]:
    """Names of the rows."""
    return [WHOLE, *row_labels(found.places)]


def geometry_texts(found: LayerGeometry, seen: Seen) -> list[list[str]]:
    """The values as cells carry them."""
    return [[_written(value, seen) for value in row] for row in geometry_values(found, seen)]


def geometry_hovers(found: LayerGeometry) -> list[list[str]]:
    """All that is known of each cell."""
    rows = ["the whole merge", *(place_name(place, found.places) for place in found.places)]
    tables = [geometry_texts(found, seen) for seen in Seen]
    return [
        [
            f"{row}, {task}<br>cosine {cosine or 'none'}<br>{opposed or 'nothing'} of |τ| opposed<br>"
            f"{length or 'no'} times as long as τ"
            for task, cosine, opposed, length in zip(found.tasks, *cells, strict=True)
        ]
        for row, *cells in zip(rows, *tables, strict=True)
    ]


def geometry_takeaway(found: LayerGeometry) -> str:
    """How far the merge goes along each task's update, beside what updates at right angles would give."""
    whole = found.by_place.whole
    cosines = whole.cosines[0]
    known = np.flatnonzero(np.isfinite(cosines))
    if not len(known):
        return "The recipe changes no weight, so that it has no direction."
    most, least = known[np.argmax(cosines[known])], known[np.argmin(cosines[known])]
    straight = found.at_right_angles
    if most == least:
        along = f"The merged update has a cosine of {cosines[most]:.2f} with that of '{found.tasks[most]}'."
    else:
        along = (
            f"The merged update lies closest to '{found.tasks[most]}' (cosine {cosines[most]:.2f}) and least "
            f"close to '{found.tasks[least]}' ({cosines[least]:.2f}); with updates at right angles these "
            f"cosines would be {straight[most]:.2f} and {straight[least]:.2f}."
        )
    opposed = whole.opposed[0]
    against = known[np.argmax(opposed[known])]
    return (
        f"{along} It opposes {percent(opposed[against])} of the update of '{found.tasks[against]}', "
        f"{'more than of any other' if len(known) > 1 else 'by magnitude'}."
    )


def geometry_rows(found: LayerGeometry) -> Rows:
    """One row per layer and task; the whole merge first."""
    tables = [geometry_values(found, seen) for seen in Seen]
    return [
        {"layer": row, "task": task, "cosine": cosine, "opposed": opposed, "length": length}
        for row, *cells in zip(geometry_labels(found), *tables, strict=True)
        for task, cosine, opposed, length in zip(found.tasks, *cells, strict=True)
    ]


def _numbers(sums: MergeGeometry, seen: Seen) -> Numbers:
    if seen is Seen.COSINE:
        return sums.cosines
    return sums.opposed if seen is Seen.OPPOSED else sums.lengths


def _written(value: float | None, seen: Seen) -> str:
    if value is None:
        return ""
    if seen is Seen.OPPOSED:
        return percent(value, 0)
    return f"{value:.2f}".replace("-", "−")
