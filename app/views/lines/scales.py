"""Scales that LiNeS is measured against: a constant of equal size, and the ramp reversed."""

from dataclasses import replace

from analysis.merge.equal_norm import equal_norm_scaling
from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Curve, LayerFactors, layer_factors
from app.views.lines.profile import LayerProfile


def factors_of(recipe: Recipe, profile: LayerProfile) -> LayerFactors:
    """The factor of each layer under a recipe whose α is a number, or the rule's."""
    return layer_factors(recipe.scale, profile.depths, auto_alpha=profile.alpha)


def equal_size(profile: LayerProfile, factors: LayerFactors) -> float:
    """The one λ that makes the update as large as these factors do."""
    return equal_norm_scaling(
        profile.squares, [factors.of(place.tower, place.layer) for place in profile.places]
    )


def constant_of_equal_size(recipe: Recipe, profile: LayerProfile, factors: LayerFactors) -> Recipe:
    """The recipe with one λ for all layers, and the same ‖·‖₂ of the update."""
    return replace(recipe, scale=Constant(round(equal_size(profile, factors), 6)))


def has_one_ramp(profile: LayerProfile) -> bool:
    """Whether one curve can hold the factors: there are blocks, and all towers have as many."""
    return len(set(profile.depths.values())) == 1


def as_curve(factors: LayerFactors) -> Curve:
    """The factors of `has_one_ramp` as numbers a person can read."""
    blocks = next(iter(factors.blocks.values()))
    return Curve(round(factors.outside, 6), tuple(round(value, 6) for value in blocks))


def reversed_ramp(recipe: Recipe, factors: LayerFactors) -> Recipe:
    """The recipe with the blocks' factors in the opposite order of depth; outside keeps its own."""
    curve = as_curve(factors)
    return replace(recipe, scale=Curve(curve.outside, tuple(reversed(curve.blocks))))
