"""The recipe under the hands on the LiNeS page: method, α, β."""

from dataclasses import dataclass

import streamlit as st

from analysis.merging.registry import merge_method_named
from analysis.recipe import Recipe
from analysis.scaling import LayerFactors, Lines
from app.services.diagnosis import Diagnosis
from app.services.lab import Lab
from app.services.lines_profile import LayerProfile, factors_of, has_one_ramp, layer_profile
from app.widgets.ask import ask
from app.widgets.choice_inputs import choice_segments

METHODS = ("task arithmetic", "TIES", "the lab's")
BETA = 0.6
_PAGE = "lines"


@dataclass(frozen=True, slots=True)
class LinesSettings:
    """What the page is about."""

    recipe: Recipe
    """With the LiNeS scale under the hands."""
    profile: LayerProfile
    factors: LayerFactors
    alpha: float
    """α in use: typed, or the rule's."""
    most: float
    """End of β's range."""


def lines_settings(diagnosis: Diagnosis, lab: Lab) -> LinesSettings | None:
    """Draw method and both ends of the ramp; None while the merge's layers are not measured."""
    choices = diagnosis.choices
    with st.container(horizontal=True, vertical_alignment="bottom", key="lines.settings"):
        word = choice_segments(choices, "merge", "Merge", METHODS, default=METHODS[0], page=_PAGE)
        source = choice_segments(
            choices, "alpha_by", "α", ("by the rule", "typed"), default="by the rule", page=_PAGE
        )
        most = 1.0 if word == METHODS[0] else 3.0
        typed = choices.number("alpha", 0.3, low=-1.0, high=3.0)
        beta = choices.number("beta", BETA, low=-1.0, high=4.0)
        if source == "typed":
            typed = _end(diagnosis, "alpha", "First block, α", typed, low=-1.0, high=3.0)
        beta = _end(diagnosis, "beta", "What the last block gets on top, β", beta, low=-1.0, high=4.0)
    recipe = _with_method(lab.recipe, word)
    asked: LayerProfile | None = ask(
        diagnosis,
        "lines.profile",
        (recipe.method, recipe.params, tuple(recipe.weights.items()), recipe.scope),
        lambda context: layer_profile(diagnosis.bench, recipe, context),
        label="Merging, to measure its layers",
    )
    if asked is None or not diagnosis.asking("lines.profile").is_current:
        return None
    if not has_one_ramp(asked):
        st.info("LiNeS needs residual blocks, and towers of one depth, to draw one ramp.")
        return None
    alpha = typed if source == "typed" or asked.alpha is None else asked.alpha
    recipe = Recipe(
        recipe.method, recipe.params, recipe.weights, Lines(round(alpha, 6), beta), recipe.scope, recipe.seed
    )
    factors = factors_of(recipe, asked)
    return None if factors is None else LinesSettings(recipe, asked, factors, round(alpha, 6), most)


def _end(diagnosis: Diagnosis, name: str, label: str, value: float, *, low: float, high: float) -> float:
    """One end of the ramp, to drag and to type; either shows what the other says."""
    choices = diagnosis.choices
    slider, number = (f"{_PAGE}.{name}.{kind}.{value}.{choices.revision}" for kind in ("slider", "number"))

    def take(key: str) -> None:
        choices.set(name, f"{st.session_state[key]:g}")

    st.slider(label, low, high, value, 0.05, key=slider, on_change=take, args=(slider,), width=250)
    st.number_input(
        label,
        low,
        high,
        value,
        0.05,
        key=number,
        on_change=take,
        args=(number,),
        label_visibility="collapsed",
        width=110,
    )
    return value


def _with_method(recipe: Recipe, word: str) -> Recipe:
    """The lab's recipe, or plain task arithmetic or TIES of all tasks."""
    if word == METHODS[2]:
        return recipe
    name = "ties" if word == METHODS[1] else "task_arithmetic"
    return Recipe(
        name,
        merge_method_named(name).parse_params({}),
        dict.fromkeys(recipe.weights, 1.0),
        recipe.scale,
        recipe.scope,
        recipe.seed,
    )
