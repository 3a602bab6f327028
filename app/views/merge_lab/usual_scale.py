"""Scales that methods are usually applied at, where the lab sets or compares them."""

from collections.abc import Mapping

from analysis.merge.recipe import Recipe
from analysis.merge.registry import MergeMethod, merge_method_named
from analysis.merge.scaling import Constant


def usual_scale(methods: Mapping[str, MergeMethod]) -> str:
    """What choosing a method does to λ."""
    usual = ", ".join(f"{one.title} {one.usual_scaling(one.params()):g}" for one in methods.values())
    return f"A method brings the λ it is usually applied at: {usual}. Undo brings yours back."


def one_scale_for_two(shown: Recipe, pinned: Recipe) -> str | None:
    """A reminder that two methods are compared at one λ, which suits one of them at most; else None."""
    if shown.method == pinned.method or not isinstance(shown.scale, Constant) or shown.scale != pinned.scale:
        return None
    usual = [_usual(one) for one in (shown, pinned)]
    return (
        f"Both merges have λ = {shown.scale.scaling:g}, which does not mean the same for two methods: usual "
        f"is {usual[0]} and {usual[1]}."
    )


def _usual(recipe: Recipe) -> str:
    method = merge_method_named(recipe.method)
    return f"{method.usual_scaling(recipe.params):g} for {method.title}"
