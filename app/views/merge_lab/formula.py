"""The merge as a formula, with the numbers it has now."""

from dataclasses import asdict

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import Constant, Lines

_LONG = 30
"""Characters of a method's own formula that leave no room for more on its line."""


def formula(recipe: Recipe, alpha: float | None, depth: int) -> str:
    r"""LaTeX of θ under a recipe; on two lines where one would be wider than the inputs beside it.

    Args:
        recipe: What is merged.
        alpha: LiNeS's α by the paper's rule, when the recipe leaves it open and it is known.
        depth: L, the number of residual blocks.
    """
    scale = recipe.scale
    if isinstance(scale, Constant):
        factor = f"{scale.scaling:g}"
    elif isinstance(scale, Lines):
        first = scale.alpha if scale.alpha is not None else alpha
        shown = r"\alpha" if first is None else f"{first:.3g}"
        factor = rf"\left({shown} {scale.beta:+.3g}\,\tfrac{{l}}{{{max(depth - 1, 1)}}}\right)"
    else:
        factor = r"\lambda_l"
    combined = merge_method_named(recipe.method).formula
    for name, value in asdict(recipe.params).items():
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        combined = combined.replace(f"<{name}>", shown)
    if isinstance(scale, Lines) or len(combined) > _LONG:
        return rf"\begin{{aligned}} \theta = \theta_0 & + {factor} \\ & \cdot {combined} \end{{aligned}}"
    return rf"\theta = \theta_0 + {factor}\,{combined}"
