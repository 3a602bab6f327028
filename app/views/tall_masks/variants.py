"""Merges that no recipe describes, each measured once: masked updates, removed weights."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from torch import Tensor

from app.bench.evaluator import Predictions
from app.bench.packing import packed_predictions, unpacked_predictions
from app.bench.workbench import Workbench
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.store import Arrays


@dataclass(frozen=True, slots=True)
class Variant:
    """θ_0 + scaling · update."""

    name: str
    """Kind of update."""
    inputs: Mapping[str, str]
    """Whatever the update depends on besides the zoo's weights: equal inputs promise equal updates."""
    write: Callable[[Tensor, JobContext], None]
    """Fills all of the update, (P,), weight units; called on the worker's thread."""
    scaling: float = 1.0


def variant_measurement(
    bench: Workbench, variant: Variant, *, tasks: Collection[str], n_images: int | None = None
) -> Measurement[tuple[object, ...], dict[str, Predictions]]:
    """Predictions of a variant on validation images of some tasks, all or so many of each, by task."""
    sets, wanted = bench.setup.eval_sets["val"], tuple(sorted(tasks))

    def compute(context: JobContext) -> Arrays:
        found = bench.evaluate_update(
            lambda update: variant.write(update, context),
            context,
            kind=variant.name,
            scaling=variant.scaling,
            tasks=tasks,
            n_images=n_images,
        )
        return packed_predictions(found)

    def read(arrays: Arrays) -> dict[str, Predictions]:
        return {task: unpacked_predictions(arrays, one) for task, one in sets.items() if task in tasks}

    settings: tuple[object, ...] = (
        variant.name,
        wanted,
        variant.scaling,
        *sorted(variant.inputs.items()),
    )
    if n_images is not None:
        settings = (*settings, ("n_images", repr(n_images)))
    measurement = bench.remembered.measurement("variant", settings, compute, read, variant=settings)
    return replace(measurement, seconds=lambda: bench.seconds(variant.name, tasks=tasks, n_images=n_images))
