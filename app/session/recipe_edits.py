"""Recipes that carry what a page shows into the lab."""

from dataclasses import replace

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named


def only_pair(recipe: Recipe, pair: tuple[str, str]) -> Recipe:
    """The recipe with weight 1 for two tasks and 0 for all others; the rest stays."""
    return replace(recipe, weights={task: float(task in pair) for task in recipe.weights})


def with_ties(recipe: Recipe, density: float) -> Recipe:
    """The recipe with TIES at a density as its method; weights and scale stay."""
    method = merge_method_named("ties")
    return replace(recipe, method=method.name, params=method.parse_params({"density": density}))
