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


def only_task(recipe: Recipe, task: str) -> Recipe:
    """The recipe with one task alone, at its weight or at 1 where it had none; the others at 0."""
    own = recipe.weights[task] or 1.0
    return replace(recipe, weights={name: own if name == task else 0.0 for name in recipe.weights})


def without_task(recipe: Recipe, task: str) -> Recipe:
    """The recipe without one task."""
    return replace(recipe, weights={**recipe.weights, task: 0.0})


def weights_to_one(recipe: Recipe) -> Recipe | None:
    """The recipe with weights that add up to 1; None where they add up to 0."""
    total = sum(recipe.weights.values())
    return all_weights_times(recipe, 1 / total) if total else None


def weights_in_words(weights: Mapping[str, float]) -> str:
    """Their common value or their range.

    >>> weights_in_words({"digits": 1.0, "shapes": 1.0}), weights_in_words({"digits": 0.5, "shapes": 1.0})
    ('all at 1', '0.5 to 1')
    """
    low, high = min(weights.values()), max(weights.values())
    words = f"all at {low:g}" if low == high else f"{low:g} to {high:g}"
    return words.replace("-", "−")
