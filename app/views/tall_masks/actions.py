"""Merge by the consensus of the chosen masks, as a recipe for the lab."""

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from app.bench.mask_statistics import MaskSettings
from app.session.recipe_edits import with_method

MIN_TASKS = 2
"""Masks that must keep a weight: the paper's default, which drops catastrophic and selfish ones."""

_CONSENSUS = merge_method_named("consensus")
_LAMBDA = _CONSENSUS.settings["tall_lambda"]


def consensus_refusal(settings: MaskSettings, *, is_separate: bool) -> str | None:
    """Why these masks have no consensus in the lab; None if they have one.

    Args:
        settings: The masks.
        is_separate: Whether tasks have λ of their own.
    """
    if is_separate or not _LAMBDA.accepts(settings.tall_lambda[0]):
        return f"Consensus needs one λ for all tasks; {_LAMBDA.limit}"
    return None


def consensus_recipe(recipe: Recipe, settings: MaskSettings) -> Recipe:
    """A recipe with its method replaced by the consensus of these masks, at the scale usual for it."""
    params = {
        "min_tasks": MIN_TASKS,
        "tall_lambda": settings.tall_lambda[0],
        "vector": settings.vector.value,
    }
    return with_method(recipe, _CONSENSUS.name, params)
