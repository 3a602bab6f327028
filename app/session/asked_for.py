"""Measurements that the Merge lab asks for: runs with what they lie between, and files of merged weights."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.evaluation.scores import TaskScore
from analysis.merge.recipe import Recipe
from app.bench.export import export_merged
from app.bench.runs import Anchors, Run
from app.bench.save_folder import SaveFolder
from app.bench.workbench import Workbench
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from app.work.request import Request


@dataclass(frozen=True, eq=False, slots=True)
class MeasuredRun:
    """A run and its anchors, on the same images."""

    run: Run
    anchors: Anchors


def measured_run(
    bench: Workbench, recipe: Recipe, *, split: str, n_images: int | None
) -> Measurement[object, MeasuredRun]:
    """A run for a person who waits: what is not known is the worker's, so that scores arrive one by one.

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

    def find() -> MeasuredRun | None:
        known = bench.recall(recipe, split=split, n_images=n_images)
        return None if known is None else MeasuredRun(*known)

    return Measurement(run.key, compute, find, identity=("with anchors", run.identity), seconds=run.seconds)


def scores_so_far(request: Request[Any, MeasuredRun]) -> tuple[TaskScore, ...]:
    """Scores that a run under way has given; none without one."""
    job = request.job
    return () if job is None else tuple(one for one in job.emitted if isinstance(one, TaskScore))


def merged_file(
    bench: Workbench, recipe: Recipe, folder: SaveFolder, name: str, dtype: str
) -> Measurement[object, Path]:
    """The merged weights of a recipe, written to a new file; see `SaveFolder` and `export_merged`."""
    return Measurement(
        (recipe.digest(), folder, name, dtype),
        lambda context: export_merged(bench, recipe, folder.new_file(name), context, dtype=dtype),
    )
