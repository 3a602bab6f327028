"""Presets: merges as their papers describe them, with this recipe's task weights."""

from collections.abc import Mapping

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Lines, Scale

_BETA = 0.5
"""Rise of LiNeS to begin with; the paper chooses it on validation."""

_PRESETS: Mapping[str, tuple[str, Scale]] = {
    "Average of the models": ("average", Constant(1.0)),
    "Task arithmetic, λ 0.3": ("task_arithmetic", Constant(0.3)),
    "TIES as in its paper, λ 1": ("ties", Constant(1.0)),
    "LiNeS on task arithmetic, α by its rule": ("task_arithmetic", Lines(None, _BETA)),
}


def presets(recipe: Recipe) -> dict[str, Recipe]:
    """Recipes by name, each with the weights and the scope of this one."""
    weights, tasks = dict(recipe.weights), tuple(recipe.weights)
    found = {}
    for name, (method, scale) in _PRESETS.items():
        described = {"method": method, "weights": weights, "scope": recipe.scope.value, **_described(scale)}
        found[name] = Recipe.from_mapping(described, tasks=tasks)
    return found


def _described(scale: Scale) -> dict[str, object]:
    if isinstance(scale, Lines):
        return {"lines": {"beta": scale.beta}}
    return {"scaling": scale.scaling} if isinstance(scale, Constant) else {}
