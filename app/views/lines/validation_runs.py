"""Recipes on all validation images, as the plan of a chart that fills."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from analysis.merge.recipe import Recipe
from app.bench.runs import Run
from app.bench.workbench import Workbench
from app.work.batch import Plan

K = TypeVar("K", bound=Hashable)


def validation_runs(bench: Workbench, recipes: Mapping[K, Recipe]) -> Plan[K, Run]:
    """Each recipe merged and evaluated on all tasks and controls, by its name."""
    return {name: bench.run(recipe, n_images=None, kind="sweep") for name, recipe in recipes.items()}
