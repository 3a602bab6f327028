"""What the weights of one zoo say, computed once and remembered: statistics, their nulls, masks."""

from collections.abc import Callable
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
from cache.keys import ResultKey
from cache.store import Store
from cache.tables import Tables

T = TypeVar("T")

VERSION = 1
"""Raise when a statistic changes its numbers."""

KEPT = 48
"""Results at hand; all of them are in the store."""

STOPS = tuple(round(0.02 * k, 2) for k in range(76))
"""λ of a curve over TALL masks: 0 … 1.5."""

_READING = "Reading all task vectors; the first time on a machine takes some seconds longer"
"""While the loops are compiled, which are kept on disk."""


@dataclass(frozen=True, slots=True)
class MaskSettings:
    """What decides the TALL masks of a zoo."""

    scope: Scope
    vector: Vector
    tall_lambda: tuple[float, ...]
    """λ of each task, (T,)."""


class Diagnostics:
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

    def statistics(
        self,
        scope: Scope,
        context: JobContext,
        *,
        density: float | None = None,
        sign_seed: int | None = None,
    ) -> Statistics:
        """Statistics of the weights in scope.

        Args:
            scope: Which weights count.
            context: Where to report, and whether to stop.
            density: Share each task keeps by trimming; None for all.
            sign_seed: For the null, in which every sign is drawn anew.
        """

        def compute() -> Tables:
            ranges = self._ranges(scope)
            cut = None if density is None else self._trim_cut(scope, density, context)
            context.report(None, _READING)
            return statistics_tables(
                statistics(self._vectors, ranges, cut=cut, sign_seed=sign_seed, check=context.check)
            )

        key = self._statistics_key(scope, density, sign_seed)
        return self._kept(key, lambda: self._statistics_from(scope, self._store.tables(key, compute)))

    def known_statistics(
        self, scope: Scope, *, density: float | None = None, sign_seed: int | None = None
    ) -> Statistics | None:
        """What `statistics` gave before; None if it must be computed."""
        key = self._statistics_key(scope, density, sign_seed)
        return self._found(key, lambda tables: self._statistics_from(scope, tables))

    def masks(
        self, settings: MaskSettings, context: JobContext, *, sign_seed: int | None = None
    ) -> MaskCounts:
        """Counts of the TALL masks, or of their null with signs drawn anew."""

        def compute() -> Tables:
            bits = None
            inputs = self.mask_inputs(settings.scope, settings.vector, context, sign_seed=sign_seed)
            context.report(None, _READING)
            if sign_seed is None:
                self._bits, bits = None, bits_like(self._vectors) if self._bits is None else self._bits[1]
                bits.zero_()
            found = tall_counts(inputs, settings.tall_lambda, bits=bits, check=context.check)
            if bits is not None:
                self._bits = settings, bits
            return mask_tables(found)

        key = self._mask_key(settings, sign_seed)
        return self._kept(key, lambda: self._masks_from(settings.scope, self._store.tables(key, compute)))

    def known_masks(self, settings: MaskSettings, *, sign_seed: int | None = None) -> MaskCounts | None:
        """What `masks` gave before; None if it must be computed."""
        key = self._mask_key(settings, sign_seed)
        return self._found(key, lambda tables: self._masks_from(settings.scope, tables))

    def mask_bits(self, settings: MaskSettings, context: JobContext) -> Tensor:
        """The masks themselves, one integer a weight, (P,); only the latest are kept, and overwritten."""
        if self._bits is None or self._bits[0] != settings:
            inputs = self.mask_inputs(settings.scope, settings.vector, context)
            bits = bits_like(self._vectors) if self._bits is None else self._bits[1].zero_()
            self._bits = None  # half written until the end
            tall_counts(inputs, settings.tall_lambda, bits=bits, check=context.check)
            self._bits = settings, bits
        return self._bits[1]

    def curve(
        self, scope: Scope, vector: Vector, context: JobContext, *, sign_seed: int | None = None
    ) -> TallCurve:
        """Counts of the TALL masks over λ, shared by all tasks."""

        def compute() -> Tables:
            inputs = self.mask_inputs(scope, vector, context, sign_seed=sign_seed)
            context.report(None, _READING)
            found = tall_curve(inputs, STOPS, check=context.check)
            return curve_tables(found, self._vectors.tasks)

        key = self._key("curve", scope, vector=vector.value, sign_seed=repr(sign_seed))
        return self._kept(key, lambda: curve_from(self._store.tables(key, compute), self._vectors.tasks))

    def known_curve(self, scope: Scope, vector: Vector, *, sign_seed: int | None = None) -> TallCurve | None:
        """What `curve` gave before; None if it must be computed."""
        key = self._key("curve", scope, vector=vector.value, sign_seed=repr(sign_seed))
        return self._found(key, lambda tables: curve_from(tables, self._vectors.tasks))

    def mask_inputs(
        self, scope: Scope, vector: Vector, context: JobContext, *, sign_seed: int | None = None
    ) -> MaskInputs:
        """What masks of these weights are made from; where TIES trims is kept from one call to the next."""
        cut = None if vector is Vector.SUM else self._trim_cut(scope, TIES_DENSITY, context)
        return MaskInputs(self._vectors, self._ranges(scope), vector, cut, sign_seed)

    def _trim_cut(self, scope: Scope, density: float, context: JobContext) -> Trim:
        """Kept: neither λ nor signs drawn anew move it."""
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

    def _statistics_from(self, scope: Scope, tables: Tables) -> Statistics:
        return statistics_from(tables, self._vectors.tasks, self._segments(scope))

    def _masks_from(self, scope: Scope, tables: Tables) -> MaskCounts:
        return masks_from(tables, self._vectors.tasks, self._segments(scope))

    def _statistics_key(self, scope: Scope, density: float | None, sign_seed: int | None) -> ResultKey:
        return self._key("statistics", scope, density=repr(density), sign_seed=repr(sign_seed))

    def _mask_key(self, settings: MaskSettings, sign_seed: int | None) -> ResultKey:
        return self._key(
            "masks",
            settings.scope,
            vector=settings.vector.value,
            tall_lambda=repr(settings.tall_lambda),
            sign_seed=repr(sign_seed),
        )

    def _key(self, name: str, scope: Scope, **settings: str) -> ResultKey:
        # Names too: equal weights under other names give tables with other words.
        tasks = repr(self._vectors.tasks)
        inputs = {"weights": self._fingerprint, "tasks": tasks, "scope": scope.value, **settings}
        return ResultKey(name, VERSION, inputs)

    def _kept(self, key: ResultKey, compute: Callable[[], T]) -> T:
        known = self._recent.get(key.digest())
        return cast(T, self._recent.put(key.digest(), compute()) if known is None else known)

    def _found(self, key: ResultKey, read: Callable[[Tables], T]) -> T | None:
        known = self._recent.get(key.digest())
        if known is not None:
            return cast(T, known)
        tables = self._store.known_tables(key)
        return None if tables is None else cast(T, self._recent.put(key.digest(), read(tables)))
