"""Runs on validation images that fill a chart, with their controls, inside a card."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from analysis.merge.recipe import Recipe
from app.bench.runs import Run
from app.session.diagnosis import Diagnosis
from app.views.lines.validation_runs import validation_runs
from app.widgets.batch_controls import batch_controls
from app.work.batch import Batch

K = TypeVar("K", bound=Hashable)


def measured_runs(
    diagnosis: Diagnosis, key: str, recipes: Mapping[K, Recipe], *, what: str, costs: str
) -> Batch[K, Run]:
    """Plan the runs of some recipes and draw how far they are.

    Args:
        diagnosis: Whose requests.
        key: Topic of the runs, and beginning of the controls' keys.
        recipes: By the name of what they fill.
        what: What is measured, such as "11 merges".
        costs: What it takes, for a person who has not started yet.
    """
    batch: Batch[K, Run] = diagnosis.requests.batch(key)
    n_images = diagnosis.sample.n_images
    batch.plan(
        (n_images, *(recipe.digest() for recipe in recipes.values())),
        lambda: validation_runs(diagnosis.bench, recipes, n_images),
    )
    batch_controls(batch, key=key, what=what, costs=costs, sample=diagnosis.sample)
    return batch
