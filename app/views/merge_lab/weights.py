"""Task weights changed together, and in a few words."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from analysis.merge.recipe import Recipe


def all_weights_at(recipe: Recipe, value: float, locked: Collection[str] = ()) -> Recipe:
    """The recipe with one weight for all tasks but the locked ones, which keep theirs."""
    return _with_weights(recipe, locked, lambda _: value)


def all_weights_times(recipe: Recipe, factor: float, locked: Collection[str] = ()) -> Recipe:
    """The recipe with every weight multiplied, rounded as sliders are, but those of the locked tasks."""
    return _with_weights(recipe, locked, lambda weight: round(weight * factor, 4))


def only_task(recipe: Recipe, task: str, locked: Collection[str] = ()) -> Recipe:
    """The recipe with one task at its weight, or at 1 where it had none; the others at 0 unless locked."""
    alone = _with_weights(recipe, {*locked, task}, lambda _: 0.0)
    return replace(alone, weights={**alone.weights, task: recipe.weights[task] or 1.0})


def without_task(recipe: Recipe, task: str) -> Recipe:
    """The recipe without one task."""
    return replace(recipe, weights={**recipe.weights, task: 0.0})


def weights_to_one(recipe: Recipe, locked: Collection[str] = ()) -> Recipe | None:
    """The recipe with weights that add up to 1; None where those that may change add up to 0."""
    kept = sum(recipe.weights[task] for task in locked)
    free = sum(recipe.weights.values()) - kept
    return all_weights_times(recipe, (1 - kept) / free, locked) if abs(free) > 1e-9 else None


def _with_weights(recipe: Recipe, locked: Collection[str], change: Callable[[float], float]) -> Recipe:
    weights = recipe.weights.items()
    return replace(recipe, weights={task: old if task in locked else change(old) for task, old in weights})


def weights_in_words(weights: Mapping[str, float]) -> str:
    """Their common value or their range.

    >>> weights_in_words({"digits": 1.0, "shapes": 1.0}), weights_in_words({"digits": 0.5, "shapes": 1.0})
    ('all at 1', '0.5 to 1')
    """
    low, high = min(weights.values()), max(weights.values())
    words = f"all at {low:g}" if low == high else f"{low:g} to {high:g}"
    return words.replace("-", "−")
