"""How large the multi-task vector is in each layer, and what LiNeS makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np

from analysis.errors import AnalysisError
from analysis.places import Place
from analysis.recipe import Recipe
from analysis.scaling import Constant, Curve, LayerFactors, Lines, layer_factors
from analysis.scope import scope_ranges
from analysis.segments import segments
from app.services.jobs import JobContext
from app.services.workbench import Workbench

LARGE_ALPHA = 1.0
"""α above which every layer gets more than a whole task vector."""


@dataclass(frozen=True, slots=True)
class LayerProfile:
    """Sizes of a multi-task vector, unscaled."""

    places: tuple[Place, ...]
    squares: tuple[float, ...]
    """Σ τ_MTL² in each place, weight units squared."""
    alpha: float | None
    """LiNeS's α by the paper's rule; None where the rule has no number."""
    why_no_alpha: str | None
    """In one sentence."""
    depths: dict[str, int]
    """L of each tower in scope."""


def layer_profile(bench: Workbench, recipe: Recipe, context: JobContext) -> LayerProfile:
    """Merge a recipe and measure its multi-task vector; its scale does not matter.

    Args:
        bench: Its weights are overwritten.
        recipe: Method, params, weights and scope.
        context: Whether to stop.
    """
    engine, alpha, why = bench.engine, None, None
    depths = engine.depths(recipe.scope)
    try:
        alpha = engine.merge(replace(recipe, scale=Lines(None, 0.0)), check=context.check).alpha
    except AnalysisError as error:
        why = str(error)
        engine.merge(replace(recipe, scale=Constant(1.0)), check=context.check)
    vectors = bench.zoo.task_vectors
    sums: dict[Place, float] = {}
    for segment in segments(vectors.layout, scope_ranges(vectors, recipe.scope)):
        context.check()
        piece = engine.tau_mtl[segment.start : segment.stop].double()
        sums[segment.place] = sums.get(segment.place, 0.0) + float(piece @ piece)
    return LayerProfile(tuple(sums), tuple(sums.values()), alpha, why, depths)


def factors_of(recipe: Recipe, profile: LayerProfile) -> LayerFactors | None:
    """The factor of each layer; None while LiNeS has no α."""
    if isinstance(recipe.scale, Lines) and recipe.scale.alpha is None and profile.alpha is None:
        return None
    return layer_factors(recipe.scale, profile.depths, auto_alpha=profile.alpha)


def size_after(profile: LayerProfile, factors: LayerFactors) -> float:
    """‖s ⊙ τ_MTL‖₂, weight units."""
    scaled = [
        factors.of(place.tower, place.layer) ** 2 * square
        for place, square in zip(profile.places, profile.squares, strict=True)
    ]
    return sqrt(sum(scaled))


def equal_size(profile: LayerProfile, factors: LayerFactors) -> float:
    """The one λ that makes the update as large as these factors do; 0 for a merge of nothing."""
    whole = sqrt(sum(profile.squares))
    return size_after(profile, factors) / whole if whole else 0.0


def constant_of_equal_size(recipe: Recipe, profile: LayerProfile, factors: LayerFactors) -> Recipe:
    """The recipe with one λ for all layers, and the same ‖·‖₂ of the update."""
    return replace(recipe, scale=Constant(round(equal_size(profile, factors), 6)))


def reversed_ramp(recipe: Recipe, factors: LayerFactors) -> Recipe:
    """The recipe with the blocks' factors in the opposite order of depth; outside keeps its own."""
    (blocks,) = set(factors.blocks.values())
    return replace(recipe, scale=Curve(factors.outside, tuple(reversed(blocks))))


def as_curve(factors: LayerFactors) -> Curve:
    """The factors as a curve of their own."""
    (blocks,) = set(factors.blocks.values())
    return Curve(factors.outside, tuple(round(value, 9) for value in blocks))


def has_one_ramp(profile: LayerProfile) -> bool:
    """Whether one curve can hold the factors: there are blocks, and all towers have as many."""
    return len(set(profile.depths.values())) == 1


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the chart: everything outside the blocks, or one block."""

    name: str
    factor: float
    before: float
    """‖τ_MTL‖₂ there."""
    after: float
    """‖s · τ_MTL‖₂ there."""


def columns(profile: LayerProfile, factors: LayerFactors) -> list[Column]:
    """The outside first, then the blocks from the input; towers side by side add up."""
    groups: dict[tuple[int, str], list[tuple[float, float]]] = {}
    for place, square in zip(profile.places, profile.squares, strict=True):
        key = (-1, "outside") if place.layer is None else (place.layer, str(place.layer))
        groups.setdefault(key, []).append((square, factors.of(place.tower, place.layer)))
    return [
        Column(
            name,
            float(np.mean([factor for _, factor in members])),
            sqrt(sum(square for square, _ in members)),
            sqrt(sum(square * factor**2 for square, factor in members)),
        )
        for (_, name), members in sorted(groups.items())
    ]


def profile_takeaway(profile: LayerProfile, factors: LayerFactors, found: Sequence[Column]) -> str:
    """What the ramp does to the update, and to its size as a whole."""
    blocks = [column for column in found if column.name != "outside"]
    if not blocks:
        return "These models have no residual blocks: LiNeS is one factor for all."
    total = sum(column.before**2 for column in found) or 1.0
    scaled = sum(column.after**2 for column in found) or 1.0
    half = [column for k, column in enumerate(blocks) if 2 * k >= len(blocks)]
    before, after = (
        sum(getattr(column, name) ** 2 for column in half) / whole
        for name, whole in (("before", total), ("after", scaled))
    )
    return (
        f"The factor goes from {blocks[0].factor:.2f} in the first block to {blocks[-1].factor:.2f} in the "
        f"last: the deeper half holds {before:.0%} of ‖τ‖² before and {after:.0%} after. The update is as "
        f"large as under a constant λ of {equal_size(profile, factors):.3f}."
    )


def alpha_warning(profile: LayerProfile) -> str | None:
    """What is wrong with α by the rule, if anything is."""
    if profile.why_no_alpha is not None:
        return profile.why_no_alpha
    if profile.alpha is not None and profile.alpha > LARGE_ALPHA:
        return (
            f"α by the paper's rule is {profile.alpha:.2f}: the merge keeps so little of the summed updates "
            "that the rule blows up what is left, in every layer. Give α a number instead."
        )
    return None
