"""A request for one recipe's run, with what it lies between."""

from dataclasses import dataclass

from analysis.merge.recipe import Recipe
from app.bench.runs import Anchors, Run
from app.bench.workbench import Workbench
from app.work.jobs import JobContext
from app.work.measurement import Measurement


@dataclass(frozen=True, eq=False, slots=True)
class MeasuredRun:
    """A run and its anchors, on the same images."""

    run: Run
    anchors: Anchors


def measured_run(
    bench: Workbench, recipe: Recipe, *, split: str, n_images: int | None
) -> Measurement[object, MeasuredRun]:
    """A run for a person who waits: always the worker's, so that its scores arrive one by one.

    Args:
        bench: Merges and evaluates.
        recipe: What to merge.
        split: `val` or `test`.
        n_images: Images per task at most; None for all.
    """
    run = bench.run(recipe, split=split, n_images=n_images)

    def compute(context: JobContext) -> MeasuredRun:
        found = run.compute(context)
        return MeasuredRun(found, bench.anchors(context, split=split, n_images=n_images))

    return Measurement(run.key, compute)
