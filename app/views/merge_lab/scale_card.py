"""The scale of the merged update with its factors by layer, inside the recipe's card."""

from dataclasses import replace

import streamlit as st

from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import Constant, Curve, Lines
from app.figures.layout import CONFIG
from app.session.lab import Lab
from app.session.sliders import scale_sliders
from app.views.merge_lab.input_card import input_key, recipe_slider, when_changed
from app.views.merge_lab.scale import (
    SCALES,
    factors_in_words,
    first_tower,
    is_auto,
    is_large,
    kind_of,
    nearest_scale,
)
from app.views.merge_lab.scale_figure import scale_figure
from app.widgets.look import tab_palette


def scale_inputs(lab: Lab) -> None:
    """Draw the kind of scale, its sliders and the factors they give."""
    recipe = lab.recipe
    key = input_key(lab, "scale")
    st.segmented_control(
        "Scale",
        list(SCALES),
        default=kind_of(recipe),
        key=key,
        required=True,
        width="stretch",
        on_change=when_changed(lab, key, kind_of, lambda kind: _take(lab, kind)),
        help="λ: one factor for all layers. LiNeS: factors that grow with depth. Curve: any factor per layer",
    )
    if isinstance(recipe.scale, Lines):
        _lines(lab, recipe.scale)
    elif isinstance(recipe.scale, Curve):
        with st.container(height=230, key="merge_lab.curve"):
            for slider in scale_sliders(recipe):
                recipe_slider(lab, slider, in_row=True)
    else:
        for slider in scale_sliders(recipe):
            recipe_slider(lab, slider)
    if not isinstance(recipe.scale, Constant):
        _factors(lab)


def _take(lab: Lab, kind: str) -> None:
    recipe, factors = lab.recipe, lab.editing.factors(lab.alpha())
    usual = merge_method_named(recipe.method).usual_scaling(recipe.params)
    scale = nearest_scale(recipe.scale, kind, factors, lab.editing.depth, usual=usual)
    lab.change(replace(recipe, scale=scale))


def _lines(lab: Lab, lines: Lines) -> None:
    alpha, beta = scale_sliders(lab.recipe)
    key = input_key(lab, "alpha_auto")

    def toggled(is_on: bool) -> None:
        number = None if is_on else round(lab.alpha() or 0.0, 4)
        lab.change(replace(lab.recipe, scale=replace(lines, alpha=number)))

    st.toggle(
        "α by the paper's rule",
        lines.alpha is None,
        key=key,
        on_change=when_changed(lab, key, is_auto, toggled),
        help="α = ‖Σ w τ‖₁ / ‖τ_MTL‖₁ / T: gives the merged update the size of an average, however sparse",
    )
    left, right = st.columns(2)
    with left:
        if lines.alpha is None:
            found = lab.alpha()
            st.metric("α found", "–" if found is None else f"{found:.3f}", border=False)
        else:
            recipe_slider(lab, alpha)
    with right:
        recipe_slider(lab, beta)


def _factors(lab: Lab) -> None:
    """Draw the factor of each layer, once α is known."""
    alpha = lab.alpha()
    factors = lab.editing.factors(alpha)
    if factors is None:
        return
    alpha_is_large = is_large(lab.recipe, alpha)
    st.plotly_chart(
        scale_figure(
            factors.outside,
            first_tower(factors),
            tab_palette(),
            alpha_is_large=alpha_is_large,
        ),
        key="merge_lab.scale_curve",
        config=CONFIG,
        theme=None,
        alt=factors_in_words(factors),
    )
    if alpha_is_large:
        st.caption(
            f":material/warning: α is {alpha:.2f}: the method dropped so many weights that the rule scales "
            "up the rest. Set α by hand if accuracy falls."
        )
