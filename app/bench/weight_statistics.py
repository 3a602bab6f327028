"""Statistics, TALL masks and curves of one zoo's weights, computed once and remembered."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeVar, cast

from torch import Tensor

from analysis.masks.counts import MaskCounts
from analysis.masks.curve import TallCurve, tall_curve
from analysis.masks.multi_task_vector import MaskInputs, Vector
from analysis.masks.tall import bits_like, tall_counts
from analysis.masks.ties_sum import TIES_DENSITY
from analysis.model.layout import Ranges
from analysis.model.scope import Scope, scope_ranges
from analysis.model.segments import Segment, segments
from analysis.model.task_vectors import TaskVectors
from analysis.weights.statistics import Statistics, statistics
from analysis.weights.trim import Trim, magnitude_trim
from app.bench.measured_tables import (
    curve_from,
    curve_tables,
    mask_tables,
    masks_from,
    statistics_from,
    statistics_tables,
)
from app.bench.recent import Recent
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.keys import ResultKey
from cache.store import Store
from cache.tables import Tables

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

VERSION = 1
"""Raise when a statistic changes its numbers."""

KEPT = 48
"""Results at hand; all of them are in the store."""

STOPS = tuple(round(0.02 * k, 2) for k in range(76))
"""λ of a curve over TALL masks: 0 … 1.5."""

_READING = "Reading all task vectors; the first time on a machine takes some seconds longer"
"""The first time the loops are compiled; then they are kept on disk."""


@dataclass(frozen=True, slots=True)
class StatisticsSettings:
    """What decides the statistics of a zoo's weights."""

    scope: Scope
    density: float | None = None
    """Share of weights each task keeps by trimming; None for all."""
    sign_seed: int | None = None
    """For the null, in which every sign is random; None for the weights as they are."""


@dataclass(frozen=True, slots=True)
class MaskSettings:
    """What decides the TALL masks of a zoo."""

    scope: Scope
    vector: Vector
    tall_lambda: tuple[float, ...]
    """λ of each task, (T,)."""
    sign_seed: int | None = None
    """For the null, in which every sign is random; None for the weights as they are."""


@dataclass(frozen=True, slots=True)
class CurveSettings:
    """What decides the counts of the TALL masks over λ, shared by all tasks."""

    scope: Scope
    vector: Vector
    sign_seed: int | None = None
    """For the null, in which every sign is random; None for the weights as they are."""


class WeightStatistics:
    """Numbers of one zoo's weights; any thread may look up what is known, only the worker computes."""

    def __init__(self, task_vectors: TaskVectors, store: Store, fingerprint: str) -> None:
        """Start with what the store remembers.

        Args:
            task_vectors: Read where they lie.
            store: Where results are remembered.
            fingerprint: Of the weights.
        """
        self._vectors = task_vectors
        self._store = store
        self._fingerprint = fingerprint
        self._recent: Recent[str, object] = Recent(KEPT)
        self._cuts: Recent[tuple[Scope, float], Trim] = Recent(KEPT)
        self._bits: tuple[MaskSettings, Tensor] | None = None

    def statistics(self, settings: StatisticsSettings) -> Measurement[StatisticsSettings, Statistics]:
        """Statistics of the weights in scope."""
        scope, density, seed = settings.scope, settings.density, settings.sign_seed

        def compute(context: JobContext) -> Tables:
            ranges = self._ranges(scope)
            cut = None if density is None else self._trim_cut(scope, density, context)
            context.report(None, _READING)
            return statistics_tables(
                statistics(self._vectors, ranges, cut=cut, sign_seed=seed, check=context.check)
            )

        return self._measurement(
            settings,
            self._key("statistics", scope, density=repr(density), sign_seed=repr(seed)),
            compute,
            lambda tables: statistics_from(tables, self._vectors.tasks, self._segments(scope)),
        )

    def masks(self, settings: MaskSettings) -> Measurement[MaskSettings, MaskCounts]:
        """Counts of the TALL masks, or of their null."""
        scope, vector = settings.scope, settings.vector

        def compute(context: JobContext) -> Tables:
            return mask_tables(self._made(settings, context, with_bits=settings.sign_seed is None))

        return self._measurement(
            settings,
            self._key(
                "masks",
                scope,
                vector=vector.value,
                tall_lambda=repr(settings.tall_lambda),
                sign_seed=repr(settings.sign_seed),
            ),
            compute,
            lambda tables: masks_from(tables, self._vectors.tasks, self._segments(scope)),
        )

    def mask_bits(self, settings: MaskSettings, context: JobContext) -> Tensor:
        """The masks themselves, one integer per weight, (P,); only the latest are kept, and overwritten."""
        known = self._bits
        if known is not None and known[0] == settings:
            return known[1]
        self._made(settings, context, with_bits=True)
        return cast(tuple[MaskSettings, Tensor], self._bits)[1]

    def curve(self, settings: CurveSettings) -> Measurement[CurveSettings, TallCurve]:
        """Counts of the TALL masks over λ, shared by all tasks."""
        scope, vector, seed = settings.scope, settings.vector, settings.sign_seed

        def compute(context: JobContext) -> Tables:
            inputs = self.mask_inputs(scope, vector, context, sign_seed=seed)
            context.report(None, _READING)
            found = tall_curve(inputs, STOPS, check=context.check)
            return curve_tables(found, self._vectors.tasks)

        return self._measurement(
            settings,
            self._key("curve", scope, vector=vector.value, sign_seed=repr(seed)),
            compute,
            lambda tables: curve_from(tables, self._vectors.tasks),
        )

    def mask_inputs(
        self, scope: Scope, vector: Vector, context: JobContext, *, sign_seed: int | None = None
    ) -> MaskInputs:
        """What masks of these weights are made from; where TIES trims is kept from one call to the next."""
        cut = None if vector is Vector.SUM else self._trim_cut(scope, TIES_DENSITY, context)
        return MaskInputs(self._vectors, self._ranges(scope), vector, cut, sign_seed)

    def _made(self, settings: MaskSettings, context: JobContext, *, with_bits: bool) -> MaskCounts:
        """Count masks; their bits are written where the last ones stood, which are then gone."""
        inputs = self.mask_inputs(settings.scope, settings.vector, context, sign_seed=settings.sign_seed)
        context.report(None, _READING)
        bits = None
        if with_bits:
            bits = bits_like(self._vectors) if self._bits is None else self._bits[1].zero_()
            self._bits = None  # half written until the end
        found = tall_counts(inputs, settings.tall_lambda, bits=bits, check=context.check)
        if bits is not None:
            self._bits = settings, bits
        return found

    def _trim_cut(self, scope: Scope, density: float, context: JobContext) -> Trim:
        """Kept: it depends neither on λ nor on signs."""
        known = self._cuts.get((scope, density))
        if known is not None:
            return known
        context.report(None, "Finding where trimming cuts")
        deltas, tasks = self._vectors.deltas, range(self._vectors.n_tasks)
        found = magnitude_trim(deltas, tasks, self._ranges(scope), density=density, check=context.check)
        return self._cuts.put((scope, density), found)

    def _ranges(self, scope: Scope) -> Ranges:
        return scope_ranges(self._vectors, scope)

    def _segments(self, scope: Scope) -> tuple[Segment, ...]:
        return segments(self._vectors.layout, self._ranges(scope))

    def _key(self, name: str, scope: Scope, **settings: str) -> ResultKey:
        # Names too: equal weights under other names give tables with other words.
        tasks = repr(self._vectors.tasks)
        inputs = {"weights": self._fingerprint, "tasks": tasks, "scope": scope.value, **settings}
        return ResultKey(name, VERSION, inputs)

    def _measurement(
        self,
        settings: K,
        key: ResultKey,
        compute: Callable[[JobContext], Tables],
        read: Callable[[Tables], V],
    ) -> Measurement[K, V]:
        """Looked up among the latest results, then in the store, then computed."""
        name = key.digest()

        def computed(context: JobContext) -> V:
            known = self._recent.get(name)
            if known is not None:
                return cast(V, known)
            tables = self._store.tables(key, lambda: compute(context))
            return cast(V, self._recent.put(name, read(tables)))

        def find() -> V | None:
            known = self._recent.get(name)
            if known is not None:
                return cast(V, known)
            tables = self._store.known_tables(key)
            return None if tables is None else cast(V, self._recent.put(name, read(tables)))

        return Measurement(settings, computed, find)
