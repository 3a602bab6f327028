"""Task weights changed together, and in a few words."""

from collections.abc import Mapping
from dataclasses import replace

from analysis.merge.recipe import Recipe


def all_weights_at(recipe: Recipe, value: float) -> Recipe:
    """The recipe with one weight for all tasks."""
    return replace(recipe, weights=dict.fromkeys(recipe.weights, value))


def all_weights_times(recipe: Recipe, factor: float) -> Recipe:
    """The recipe with every weight multiplied, rounded as sliders are."""
    return replace(
        recipe, weights={task: round(weight * factor, 4) for task, weight in recipe.weights.items()}
    )


def weights_in_words(weights: Mapping[str, float]) -> str:
    """Their common value or their range.

    >>> weights_in_words({"digits": 1.0, "shapes": 1.0}), weights_in_words({"digits": 0.5, "shapes": 1.0})
    ('all at 1', '0.5 to 1')
    """
    low, high = min(weights.values()), max(weights.values())
    words = f"all at {low:g}" if low == high else f"{low:g} to {high:g}"
    return words.replace("-", "−")
