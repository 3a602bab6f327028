"""Recipes that carry what a page shows into the lab."""

from collections.abc import Mapping
from dataclasses import replace
from math import copysign
from typing import Any

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import Constant, Curve, Lines, Scale


def only_pair(recipe: Recipe, pair: tuple[str, str]) -> Recipe:
    """The recipe with weight 1 for two tasks and 0 for all others; the rest stays."""
    return replace(recipe, weights={task: float(task in pair) for task in recipe.weights})


def with_method(recipe: Recipe, name: str, given: Mapping[str, Any]) -> Recipe:
    """The recipe with another method, at the scale that it is usually applied at; weights and scope stay.

    One λ becomes the usual one, keeping its sign. LiNeS and a curve keep their form: their factors change by
    as much as the usual λ does, and an α that is left to the paper's rule stays so. The same method with
    other settings keeps its scale.

    Args:
        recipe: What the lab has.
        name: A merging method.
        given: Its settings by name; defaults where none is given.
    """
    method, before = merge_method_named(name), merge_method_named(recipe.method)
    params = method.parse_params(given)
    scale = recipe.scale
    if method is not before:
        scale = _rescaled(scale, before.usual_scaling(recipe.params), method.usual_scaling(params))
    return replace(recipe, method=method.name, params=params, scale=scale)


def _rescaled(scale: Scale, before: float, usual: float) -> Scale:
    if isinstance(scale, Constant):
        return Constant(copysign(usual, scale.scaling))
    ratio = usual / before
    if isinstance(scale, Lines):
        alpha = None if scale.alpha is None else round(ratio * scale.alpha, 4)
        return Lines(alpha, round(ratio * scale.beta, 4))
    blocks = tuple(round(ratio * factor, 4) for factor in scale.blocks)
    return Curve(round(ratio * scale.outside, 4), blocks)
