"""TALL masks of one zoo: their counts, computed once and remembered, and the latest masks themselves."""

from dataclasses import asdict, dataclass

import numpy as np
from torch import Tensor

from analysis.masks.counts import MaskCounts, MaskSums
from analysis.masks.curve import TallCurve, tall_curve
from analysis.masks.multi_task_vector import MaskInputs, Vector
from analysis.masks.tall import bits_like, tall_counts
from analysis.masks.ties_sum import TIES_DENSITY
from analysis.model.scope import Scope
from app.bench.weight_results import READING, WeightResults
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.store import Arrays

STOPS = tuple(round(0.02 * k, 2) for k in range(76))
"""λ of a curve over TALL masks: 0 … 1.5."""


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


class MaskStatistics:
    """Masks of one zoo's weights; any thread may look up what is known, only the worker computes."""

    def __init__(self, results: WeightResults) -> None:
        """Start with what is remembered."""
        self._results = results
        self._bits: tuple[MaskSettings, Tensor] | None = None

    def counts(self, settings: MaskSettings) -> Measurement[MaskSettings, MaskCounts]:
        """Counts of the masks, or of their null."""
        results = self._results

        def compute(context: JobContext) -> Arrays:
            # A null leaves the masks themselves alone.
            bits = None if settings.sign_seed is not None else self._emptied()
            return asdict(self._make(settings, bits, context).sums)

        def read(arrays: Arrays) -> MaskCounts:
            return MaskCounts(results.vectors.tasks, results.segments(settings.scope), MaskSums(**arrays))

        return results.remembered.measurement(
            "masks",
            settings,
            compute,
            read,
            scope=settings.scope.value,
            vector=settings.vector.value,
            tall_lambda=settings.tall_lambda,
            sign_seed=settings.sign_seed,
        )

    def curve(self, settings: CurveSettings) -> Measurement[CurveSettings, TallCurve]:
        """Counts of the masks over λ, shared by all tasks."""

        def compute(context: JobContext) -> Arrays:
            inputs = self.inputs(settings.scope, settings.vector, context, sign_seed=settings.sign_seed)
            context.report(None, READING)
            found = tall_curve(inputs, STOPS, check=context.check)
            return {"stops": np.asarray(found.stops), "kept": found.kept, "kept_by": found.kept_by}

        def read(arrays: Arrays) -> TallCurve:
            return TallCurve(tuple(arrays["stops"].tolist()), arrays["kept"], arrays["kept_by"])

        return self._results.remembered.measurement(
            "curve",
            settings,
            compute,
            read,
            scope=settings.scope.value,
            vector=settings.vector.value,
            sign_seed=settings.sign_seed,
        )

    def bits(self, settings: MaskSettings, context: JobContext) -> Tensor:
        """The masks themselves, one integer per weight, (P,); only the latest are kept, and overwritten."""
        if self._bits is not None and self._bits[0] == settings:
            return self._bits[1]
        bits = self._emptied()
        self._make(settings, bits, context)
        return bits

    def inputs(
        self, scope: Scope, vector: Vector, context: JobContext, *, sign_seed: int | None = None
    ) -> MaskInputs:
        """What masks of these weights are made from; where TIES trims is kept from one call to the next."""
        results = self._results
        cut = None if vector is Vector.SUM else results.cuts.at(scope, TIES_DENSITY, context)
        return MaskInputs(results.vectors, results.ranges(scope), vector, cut, sign_seed)

    def _make(self, settings: MaskSettings, bits: Tensor | None, context: JobContext) -> MaskCounts:
        inputs = self.inputs(settings.scope, settings.vector, context, sign_seed=settings.sign_seed)
        context.report(None, READING)
        found = tall_counts(inputs, settings.tall_lambda, bits=bits, check=context.check)
        if bits is not None:
            self._bits = settings, bits
        return found

    def _emptied(self) -> Tensor:
        """Room for masks, where the last ones stood: those are gone, and the new ones half written so far."""
        bits = bits_like(self._results.vectors) if self._bits is None else self._bits[1].zero_()
        self._bits = None
        return bits
