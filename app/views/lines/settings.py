"""The merge that the LiNeS page is about: method, weights, α and β, as chosen or by default."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import LayerFactors, Lines
from app.session.selection import Selection
from app.views.lines.profile import LayerProfile
from app.views.lines.scales import factors_of

ALPHA, BETA = "alpha", "beta"
"""Words of the two ends of the ramp."""

RULE = "rule"
"""Word of the α that the paper's rule gives."""

LOW, HIGH = -100.0, 100.0
"""Ends of what can be typed."""

LAB = "lab"
"""Word of the lab's own merge."""

_METHODS = ("task_arithmetic", "ties")
_TYPED_ALPHA = 0.3
"""α where the rule has no number and none was typed."""


@dataclass(frozen=True, slots=True)
class LinesSettings:
    """What the page draws and measures."""

    recipe: Recipe
    """With the LiNeS scale that is set on the page."""
    scale: Lines
    """The recipe's own; α is None where the rule decides."""
    profile: LayerProfile
    factors: LayerFactors
    alpha: float
    """In use: typed, or the rule's."""
    is_linear: bool
    """Whether the method is a plain weighted sum."""

    @property
    def n_tasks(self) -> int:
        """Tasks that take part."""
        return sum(weight != 0 for weight in self.recipe.weights.values())


def merge_titles(lab_recipe: Recipe) -> dict[str, str]:
    """The merges on offer, by their word."""
    lab = {LAB: f"From the lab: {merge_method_named(lab_recipe.method).title}"}
    return lab | {name: merge_method_named(name).title for name in _METHODS}


def merge_to_scale(word: str, lab_recipe: Recipe, tasks: Sequence[str]) -> Recipe:
    """The lab's recipe, or a method that takes every task with weight 1."""
    if word == LAB:
        return lab_recipe
    return Recipe.from_mapping({"method": word, "scaling": 1.0}, tasks=tasks)


def settings_of(selection: Selection, merge: Recipe, profile: LayerProfile) -> LinesSettings:
    """The merge under the ramp that is chosen, or else the recipe's own, or else the rule's."""
    scale = _scale(selection, merge, profile)
    recipe = replace(merge, scale=scale)
    factors = factors_of(recipe, profile)
    is_linear = merge_method_named(recipe.method).coefficients is not None
    return LinesSettings(recipe, scale, profile, factors, factors.outside, is_linear)


def _scale(selection: Selection, recipe: Recipe, profile: LayerProfile) -> Lines:
    start = recipe.scale if isinstance(recipe.scale, Lines) else Lines()
    beta = selection.number(BETA, start.beta, low=LOW, high=HIGH)
    typed = selection.number_in(ALPHA, low=LOW, high=HIGH)
    if typed is None and selection.words.get(ALPHA) != RULE:
        typed = start.alpha
    if typed is None and profile.alpha is None:
        typed = _TYPED_ALPHA
    return Lines(typed, beta)
