"""Recipes on validation images, as the plan of a chart that fills."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from analysis.merge.recipe import Recipe
from app.bench.runs import Run
from app.bench.workbench import Workbench
from app.work.batch import Plan

K = TypeVar("K", bound=Hashable)


def validation_runs(
    bench: Workbench, recipes: Mapping[K, Recipe], n_images: int | None = None
) -> Plan[K, Run]:
    """Each recipe merged and evaluated on all tasks and controls, by its name; None for all images."""
    return {name: bench.run(recipe, n_images=n_images, kind="sweep") for name, recipe in recipes.items()}
