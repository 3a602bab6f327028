"""The merge that the LiNeS page is about: method, weights, α and β."""

from dataclasses import dataclass, replace

import streamlit as st

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import LayerFactors, Lines
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import Selection
from app.views.lines.profile import LayerProfile, layer_profile
from app.views.lines.ramp import factors_of
from app.widgets.ask import ask
from app.widgets.choice_inputs import choice_segments

ALPHA, BETA = "alpha", "beta"
"""Words of the two ends of the ramp."""

RULE = "rule"
"""Word of the α that the paper's rule gives."""

LOW, HIGH = -100.0, 100.0
"""Ends of what can be typed."""

_MERGE = "merge"
_LAB = "lab"
_METHODS = ("task_arithmetic", "ties")
_TYPED_ALPHA = 0.3
"""α where the rule has no number and none was typed."""


@dataclass(frozen=True, slots=True)
class LinesSettings:
    """What the page draws and measures."""

    recipe: Recipe
    """With the LiNeS scale under the hands."""
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


def lines_settings(diagnosis: Diagnosis, lab: Lab) -> LinesSettings | None:
    """Draw the menu of merges; None until the merge's layers are measured."""
    selection, bench = diagnosis.selection, diagnosis.bench
    titles = {name: merge_method_named(name).title for name in _METHODS}
    titles[_LAB] = f"the lab's: {merge_method_named(lab.recipe.method).title}"
    word = choice_segments(
        selection,
        _MERGE,
        "Merge to scale",
        [_LAB, *_METHODS],
        default=_LAB,
        page="lines",
        format_func=titles.__getitem__,
        help="The lab's has its method, weights and scope; the others take every task at weight 1",
    )
    merge = (
        lab.recipe
        if word == _LAB
        else Recipe.from_mapping({"method": word, "scaling": 1.0}, tasks=bench.tasks)
    )
    if not any(merge.weights.values()):
        st.info("The lab's recipe merges nothing: all its weights are 0. Choose another merge above.")
        return None
    answer = ask(
        diagnosis, "lines.profile", layer_profile(bench, merge), label="Merging, to measure its layers"
    )
    profile = answer.value
    if profile is None or not answer.is_current:
        if profile is not None and diagnosis.requests.of("lines.profile").is_waiting:
            st.skeleton(height=180)
        return None
    scale = _scale(selection, lab.recipe if word == _LAB else merge, profile)
    recipe = replace(merge, scale=scale)
    factors = factors_of(recipe, profile)
    is_linear = merge_method_named(recipe.method).coefficients is not None
    return LinesSettings(recipe, scale, profile, factors, factors.outside, is_linear)


def _scale(selection: Selection, recipe: Recipe, profile: LayerProfile) -> Lines:
    """Both ends: as chosen here, else as the recipe has them, else the rule's α and the lab's first β."""
    start = recipe.scale if isinstance(recipe.scale, Lines) else Lines()
    beta = selection.number(BETA, start.beta, low=LOW, high=HIGH)
    typed = selection.number_in(ALPHA, low=LOW, high=HIGH)
    if typed is None and selection.words.get(ALPHA) != RULE:
        typed = start.alpha
    if typed is None and profile.alpha is None:
        typed = _TYPED_ALPHA
    return Lines(typed, beta)
