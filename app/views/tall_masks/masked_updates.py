"""Merges by masks: each task rebuilt from its own, and the multi-task vector without some weights."""

from torch import Tensor

from analysis.masks.knock_out import N_BINS, Removal, expected_overlap, removed, write_without
from analysis.masks.multi_task_vector import MultiTaskVector, Vector
from analysis.model.layout import Ranges, chunks
from analysis.model.scope import Scope, scope_ranges
from analysis.model.segments import segments
from app.bench.mask_statistics import MaskSettings
from app.bench.workbench import Workbench
from app.views.tall_masks.variants import Variant
from app.work.jobs import JobContext


class MaskedUpdates:
    """Updates of one multi-task vector; what is the same for all of them is found once."""

    def __init__(self, bench: Workbench, scope: Scope, vector: Vector) -> None:
        """Compute nothing yet."""
        self._bench = bench
        self._scope = scope
        self._vector = vector
        self._ranges = scope_ranges(bench.zoo.task_vectors, scope)
        self._multi_task: MultiTaskVector | None = None

    def reconstruction(self, task: str, tall_lambda: float) -> Variant:
        """θ_0 + m_t ⊙ τ_MTL: the multi-task vector where the task's mask keeps it, unscaled."""
        tasks = self._bench.tasks
        settings = MaskSettings(self._scope, self._vector, (tall_lambda,) * len(tasks))
        row = tasks.index(task)

        def write(update: Tensor, context: JobContext) -> None:
            bits = self._bench.masks.bits(settings, context)
            self._write(update, context)
            for start, stop in self._ranges:
                for a, b in chunks(start, stop):
                    context.check()
                    update[a:b] *= (bits[a:b] >> row) & 1

        inputs = {"task": task, "tall_lambda": repr(tall_lambda)}
        return Variant("tall", self._inputs | inputs, write)

    def without(
        self, settings: MaskSettings, removal: Removal | None, *, draw: int | None = None, scaling: float
    ) -> Variant:
        """The multi-task vector without some weights, scaled.

        Args:
            settings: The masks; their scope and vector are this object's.
            removal: Weights that are removed; None removes none.
            draw: Seed of a control that removes matched random weights instead.
            scaling: Unitless.
        """

        def write(update: Tensor, context: JobContext) -> None:
            self._write(update, context)
            if removal is not None:
                bits = self._bench.masks.bits(settings, context)
                write_without(update, bits, self._stretches(), removal, draw=draw, check=context.check)

        inputs: dict[str, str] = {}
        if removal is not None:
            inputs = {"tall_lambda": repr(settings.tall_lambda), "removal": removal.value, "draw": repr(draw)}
        if draw is not None:
            inputs["bins"] = str(N_BINS)
        return Variant("knock-out", self._inputs | inputs, write, scaling=scaling)

    def expected_overlap(self, settings: MaskSettings, removal: Removal, context: JobContext) -> float | None:
        """Share of a removal's weights that its controls remove as well, on average; None if it has none."""
        bits = self._bench.masks.bits(settings, context)
        n_gone, again = 0, 0.0
        for start, stop in self._stretches():
            context.check()
            tau_mtl = self._vector_of(context).at(start, stop)[1]
            gone = removed(bits[start:stop], tau_mtl, removal)
            n_gone += int(gone.sum())
            again += expected_overlap(gone, tau_mtl)
        return again / n_gone if n_gone else None

    @property
    def _inputs(self) -> dict[str, str]:
        return {"scope": self._scope.value, "vector": self._vector.value}

    def _stretches(self) -> Ranges:
        found = segments(self._bench.zoo.task_vectors.layout, self._ranges)
        return tuple((segment.start, segment.stop) for segment in found)

    def _vector_of(self, context: JobContext) -> MultiTaskVector:
        if self._multi_task is None:
            inputs = self._bench.masks.inputs(self._scope, self._vector, context)
            self._multi_task = MultiTaskVector(inputs, check=context.check)
        return self._multi_task

    def _write(self, update: Tensor, context: JobContext) -> None:
        """Fill all of the update with the multi-task vector; 0 out of scope."""
        multi_task = self._vector_of(context)
        update.zero_()
        for start, stop in self._ranges:
            for a, b in chunks(start, stop):
                context.check()
                update[a:b] = multi_task.at(a, b)[1]
