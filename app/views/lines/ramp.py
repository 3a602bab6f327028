"""What LiNeS makes of the size of each layer's update, and the scales it is measured against."""

from dataclasses import dataclass, replace
from math import sqrt

from analysis.merge.equal_norm import equal_norm_scaling
from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Curve, LayerFactors, Lines, layer_factors
from app.session.layer_scaling import OUTSIDE
from app.views.lines.profile import LayerProfile
from app.words.numbers import percent

LARGE_ALPHA = 1.0 + 1e-6
"""α above which every layer gets more than the whole merged update; an average has exactly 1."""


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


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the chart: everything outside the blocks, or one block."""

    name: str
    factor: float
    before: float
    """‖τ_MTL‖₂ there, weight units."""
    after: float
    """‖s · τ_MTL‖₂ there, weight units."""


def columns(profile: LayerProfile, factors: LayerFactors) -> list[Column]:
    """The outside first, then the blocks from the input, tower by tower; those out of scope are empty."""
    sums = dict.fromkeys([(tower, layer) for tower, n in profile.depths.items() for layer in range(n)], 0.0)
    outside = 0.0
    for place, square in zip(profile.places, profile.squares, strict=True):
        if place.layer is None:
            outside += square
        else:
            sums[place.tower, place.layer] += square
    found = [(OUTSIDE, factors.outside, outside)] + [
        (
            str(layer) if len(profile.depths) == 1 else f"{tower} {layer}",
            factors.of(tower, layer),
            square,
        )
        for (tower, layer), square in sums.items()
    ]
    return [Column(name, factor, sqrt(square), abs(factor) * sqrt(square)) for name, factor, square in found]


def ramp_takeaway(profile: LayerProfile, factors: LayerFactors) -> str:
    """What the ramp does to the share of the deeper half, and to the size as a whole."""
    deep = [
        place.layer is not None and 2 * place.layer >= profile.depths[place.tower] for place in profile.places
    ]
    after = [
        factors.of(place.tower, place.layer) ** 2 * square
        for place, square in zip(profile.places, profile.squares, strict=True)
    ]
    if not profile.depths:
        return "These models have no residual blocks: all weights get the same factor."
    if not sum(profile.squares) or not sum(after):
        return "There is no update to scale: its size is 0."
    before_share, after_share = (
        sum(one for one, is_deep in zip(squares, deep, strict=True) if is_deep) / sum(squares)
        for squares in (profile.squares, after)
    )
    towers = factors.blocks.values()
    first, last = next(iter(towers))[0], next(iter(towers))[-1]
    return (
        f"From {first:.3g} in the first block to {last:.3g} in the last: the deeper half of the blocks has "
        f"{percent(before_share)} of ‖τ‖² before and {percent(after_share)} after; the whole is as large as "
        f"under a constant λ of {equal_size(profile, factors):.3g}."
    )


def alpha_warning(profile: LayerProfile, alpha: float, n_tasks: int) -> str:
    """What is wrong with α, if anything is.

    Args:
        profile: Of the merge.
        alpha: In use.
        n_tasks: Tasks whose weight is not 0.
    """
    if profile.why_no_alpha:
        return profile.why_no_alpha
    if profile.alpha is None or profile.alpha <= LARGE_ALPHA:
        return ""
    said = (
        f"By the paper's rule α is {profile.alpha:.3g}: the sum of the {n_tasks} updates has "
        f"{profile.alpha * n_tasks:.3g} times the mass ‖·‖₁ of what this merge keeps of it, and the rule "
        "makes up for all of it in every layer, however few weights are left."
    )
    if alpha < profile.alpha:
        return f"{said} The α typed here is {alpha:.3g}."
    return f"{said} Type a smaller one."


def alpha_said(scale: Lines, profile: LayerProfile) -> str:
    """α and β in words, with where α comes from."""
    rule = "" if profile.alpha is None else f"{profile.alpha:.4g}"
    if scale.alpha is None:
        return f"α = {rule} by the paper's rule, (‖Σ w τ‖₁ / ‖τ_M‖₁) / T"
    return f"α = {scale.alpha:.4g}, typed; the paper's rule gives {rule or 'no number'}"
