"""Scales of the recipe by kind, and the change from one kind to another."""

from analysis.merge.recipe import Recipe
from analysis.merge.registry import SUM_SCALING
from analysis.merge.scaling import Constant, Curve, LayerFactors, Lines, Scale

SCALES: dict[str, type[Scale]] = {"λ": Constant, "LiNeS": Lines, "Curve": Curve}
"""Kinds of scales by their names on screen."""

LARGE_ALPHA = 1.0
"""α above which the rule scales the shallow layers beyond a whole task vector."""


def kind_of(recipe: Recipe) -> str:
    """Name of the recipe's kind of scale."""
    return next(name for name, scale in SCALES.items() if isinstance(recipe.scale, scale))


def is_auto(recipe: Recipe) -> bool:
    """Whether LiNeS finds α by the paper's rule."""
    return isinstance(recipe.scale, Lines) and recipe.scale.alpha is None


def nearest_scale(
    scale: Scale, kind: str, factors: LayerFactors | None, depth: int, *, usual: float
) -> Scale:
    """The scale of another kind that comes nearest to the present one.

    Args:
        scale: The present one.
        kind: One of `SCALES`.
        factors: The present one's; None while LiNeS's α is not known.
        depth: L, the number of residual blocks.
        usual: λ at which the method is usually applied: where LiNeS and a single factor begin.
    """
    if kind == "LiNeS":
        return Lines(beta=round(Lines().beta * usual / SUM_SCALING, 4))
    if kind == "Curve":
        if factors is None:
            return Curve(usual, (usual,) * depth)
        return Curve(round(factors.outside, 4), tuple(round(factor, 4) for factor in first_tower(factors)))
    if isinstance(scale, Curve):
        return Constant(round(sum(scale.blocks) / max(len(scale.blocks), 1), 2))
    return Constant(usual)


def first_tower(factors: LayerFactors) -> tuple[float, ...]:
    """Factor of each block of the first tower, (L,); nothing without blocks."""
    return next(iter(factors.blocks.values()), ())


def is_large(recipe: Recipe, alpha: float | None) -> bool:
    """Whether LiNeS's α is large enough for a warning."""
    return isinstance(recipe.scale, Lines) and alpha is not None and alpha > LARGE_ALPHA


def factors_in_words(factors: LayerFactors) -> str:
    """The factors for a screen reader."""
    blocks = first_tower(factors)
    inside = f"from {blocks[0]:.2f} in the first to {blocks[-1]:.2f} in the last" if blocks else "no blocks"
    return f"Factor by layer: {factors.outside:.2f} outside the blocks, {inside}"
