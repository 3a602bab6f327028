"""Norms of the updates of each layer: by task, and by component."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.arrays import Numbers
from analysis.model.places import Place
from analysis.weights.norms import Measure, has_tiny_base, norms, over_tasks
from analysis.weights.statistics import Statistics
from app.views.update_norms.norm_table import NormTable, of_all
from app.words.parts import COMPONENT_NAMES


def layer_by_task(
    statistics: Statistics, places: Sequence[Place], measure: Measure, *, component: str | None = None
) -> NormTable:
    """Norms by layer and task; the average task has the root of the mean square over the tasks.

    Args:
        statistics: Of the weights in scope, untrimmed.
        places: Rows, in network order.
        measure: Relative norms leave out tensors with a tiny base; the others count them.
        component: Weights that count; None for all.
    """
    sums = _Sums.of(statistics, measure, component)
    layers = sums.grouped([places.index(place) for place in sums.places], len(places))
    there = {one.place for one in statistics.segments if component in (None, one.component)}
    return NormTable(
        rows=tuple(places),
        kind="task",
        columns=statistics.tasks,
        values=layers.norms(measure),
        by_row=layers.of_average_task().norms(of_all(measure))[:, 0],
        by_column=sums.grouped([0] * len(sums.places), 1).norms(measure)[0],
        n=tuple(layers.n.tolist()),
        is_there=np.array([[place in there] * len(statistics.tasks) for place in places]),
        measure=measure,
    )


def layer_by_component(
    statistics: Statistics, places: Sequence[Place], measure: Measure, *, task: str | None = None
) -> NormTable:
    """Norms by layer and component, of one task or of the average task.

    The average task has nothing to be compared with: its relative norms stand in for row-normalised ones.

    Args:
        statistics: Of the weights in scope, untrimmed.
        places: Rows, in network order.
        measure: As in `layer_by_task`; row-normalised is against the mean of the tasks at the same weights.
        task: Whose updates; None for the average task.
    """
    measure = of_all(measure) if task is None else measure
    column = 0 if task is None else statistics.tasks.index(task)
    sums = _Sums.of(statistics, measure)
    there = {(one.place, one.component) for one in statistics.segments}
    columns = [name for name in COMPONENT_NAMES if name in sums.components]
    rows = [places.index(place) for place in sums.places]
    kinds = [columns.index(component) for component in sums.components]
    cells = [row * len(columns) + kind for row, kind in zip(rows, kinds, strict=True)]

    def measured(groups: list[int], n_groups: int) -> Numbers:
        grouped = sums.grouped(groups, n_groups)
        return (grouped.of_average_task() if task is None else grouped).norms(measure)[:, column]

    return NormTable(
        rows=tuple(places),
        kind="component",
        columns=tuple(columns),
        values=measured(cells, len(places) * len(columns)).reshape(len(places), len(columns)),
        by_row=measured(rows, len(places)),
        by_column=measured(kinds, len(columns)),
        n=tuple(sums.grouped(rows, len(places)).n.tolist()),
        is_there=np.array([[(place, column) in there for column in columns] for place in places]),
        measure=measure,
    )


def tiny_tensors(statistics: Statistics) -> NDArray[np.bool_]:
    """For each segment whether its base is too small for a relative norm, (S,)."""
    return has_tiny_base(statistics.sums.base_l2_squared, statistics.sums.n)


def l2_squared(statistics: Statistics) -> Numbers:
    """Σ τ_t² of each segment and task, (S, T)."""
    return np.asarray(np.diagonal(statistics.sums.gram, axis1=1, axis2=2), dtype=np.float64)


@dataclass(frozen=True, eq=False, slots=True)
class _Sums:
    """Sums over stretches of weights, or over groups of them."""

    l2_squared: Numbers  # (G, T)
    base_l2_squared: Numbers  # (G,)
    n: NDArray[np.int64]  # (G,)
    places: tuple[Place, ...] = ()
    components: tuple[str, ...] = ()

    @classmethod
    def of(cls, statistics: Statistics, measure: Measure, component: str | None = None) -> "_Sums":
        counts = np.array([component in (None, segment.component) for segment in statistics.segments], bool)
        if measure is Measure.RELATIVE:
            counts &= ~tiny_tensors(statistics)
        counted = [segment for segment, is_in in zip(statistics.segments, counts, strict=True) if is_in]
        return cls(
            l2_squared(statistics)[counts],
            statistics.sums.base_l2_squared[counts],
            statistics.sums.n[counts],
            tuple(segment.place for segment in counted),
            tuple(segment.component for segment in counted),
        )

    def grouped(self, groups: list[int], n_groups: int) -> "_Sums":
        sums = _Sums(
            np.zeros((n_groups, self.l2_squared.shape[1])), np.zeros(n_groups), np.zeros(n_groups, np.int64)
        )
        np.add.at(sums.l2_squared, groups, self.l2_squared)
        np.add.at(sums.base_l2_squared, groups, self.base_l2_squared)
        np.add.at(sums.n, groups, self.n)
        return sums

    def of_average_task(self) -> "_Sums":
        return _Sums(over_tasks(self.l2_squared)[:, None], self.base_l2_squared, self.n)

    def norms(self, measure: Measure) -> Numbers:
        return norms(self.l2_squared, self.base_l2_squared, self.n, measure=measure)
