"""The recipe under the hands: method, scale, weights."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from analysis.merge.params import Choice
from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named, merge_methods
from analysis.merge.scaling import Constant, Curve, Lines, Scale
from analysis.model.scope import Scope
from app.figures.layout import CONFIG
from app.figures.palette import palette
from app.session.lab import Lab
from app.session.sliders import Slider, param_sliders, scale_sliders, value_of, weight_sliders
from app.views.merge_lab.scale_figure import scale_figure
from app.words.formula import formula

_PAGE = "merge_lab"
_SCALES: dict[str, type[Scale]] = {"λ": Constant, "LiNeS": Lines, "Curve": Curve}
_SCOPES = {
    Scope.CHANGED: "weights some task moved",
    Scope.ALL: "all weights",
    Scope.BLOCKS: "residual blocks only",
}
_NAME_WIDTH = 84
"""Pixels for a slider's name beside it."""

_LARGE_ALPHA = 1.0
"""α above which the rule scales the shallow layers beyond a whole task vector."""


def recipe_form(lab: Lab) -> None:
    """Draw every input of the recipe; a change goes to the lab."""
    recipe = lab.recipe
    with st.container(border=True, key=f"{_PAGE}.recipe_card"):
        _method(lab, recipe)
        _scale(lab, recipe)
        st.latex(formula(recipe, lab.alpha(), lab.editing.depth))
        _weights(lab, recipe)
        _more(lab, recipe)


def _method(lab: Lab, recipe: Recipe) -> None:
    methods = merge_methods()
    key = _key(lab, "method")
    st.selectbox(
        "Method",
        list(methods),
        index=list(methods).index(recipe.method),
        format_func=lambda name: methods[name].title,
        key=key,
        on_change=_change(
            lab, key, lambda recipe: recipe.method, lambda name: lab.change(_with_method(lab, name))
        ),
        help=f"Published as {methods[recipe.method].source}",
    )
    for slider in param_sliders(recipe.method):
        _slider(lab, slider)
    for name, setting in methods[recipe.method].settings.items():
        if isinstance(setting, Choice):
            _choice(lab, name, setting)


def _with_method(lab: Lab, name: str) -> Recipe:
    """The recipe with another method at its defaults; weights and scale stay."""
    return replace(lab.recipe, method=name, params=merge_method_named(name).parse_params({}))


def _choice(lab: Lab, name: str, choice: Choice) -> None:
    key = _key(lab, f"choice:{name}")

    def chosen(word: str) -> None:
        lab.change(replace(lab.recipe, params=replace(lab.recipe.params, **{name: word})))

    st.segmented_control(
        name,
        choice.options,
        default=getattr(lab.recipe.params, name),
        key=key,
        required=True,
        width="stretch",
        help=choice.meaning,
        on_change=_change(lab, key, lambda recipe: getattr(recipe.params, name), chosen),
    )


def _scale(lab: Lab, recipe: Recipe) -> None:
    key = _key(lab, "scale")
    st.segmented_control(
        "Scale",
        list(_SCALES),
        default=_kind(recipe),
        key=key,
        required=True,
        width="stretch",
        on_change=_change(
            lab, key, _kind, lambda kind: lab.change(replace(lab.recipe, scale=_converted(lab, kind)))
        ),
        help="One factor λ for all layers; LiNeS, which grows with depth; or a factor for each layer",
    )
    if isinstance(recipe.scale, Lines):
        _lines(lab, recipe.scale)
    elif isinstance(recipe.scale, Curve):
        with st.container(height=230, key=f"{_PAGE}.curve"):
            for slider in scale_sliders(recipe):
                _slider(lab, slider, in_row=True)
    else:
        for slider in scale_sliders(recipe):
            _slider(lab, slider)
    _drawn_factors(lab, recipe)


def _lines(lab: Lab, lines: Lines) -> None:
    alpha, beta = scale_sliders(lab.recipe)
    key = _key(lab, "alpha_auto")

    def toggled(is_auto: bool) -> None:
        alpha = None if is_auto else round(lab.alpha() or 0.0, 4)
        lab.change(replace(lab.recipe, scale=replace(lines, alpha=alpha)))

    st.toggle(
        "α by the paper's rule",
        lines.alpha is None,
        key=key,
        on_change=_change(lab, key, _is_auto, toggled),
        help="α = ‖Σ w τ‖₁ / ‖τ_MTL‖₁ / T: as large as an average, however sparse the merge",
    )
    left, right = st.columns(2)
    with left:
        if lines.alpha is None:
            found = lab.alpha()
            st.metric("α found", "–" if found is None else f"{found:.3f}", border=False)
        else:
            _slider(lab, alpha)
    with right:
        _slider(lab, beta)


def _drawn_factors(lab: Lab, recipe: Recipe) -> None:
    factors = lab.editing.factors(lab.alpha())
    if factors is None or isinstance(recipe.scale, Constant):
        return
    alpha = lab.alpha()
    is_large = alpha is not None and alpha > _LARGE_ALPHA and isinstance(recipe.scale, Lines)
    blocks = next(iter(factors.blocks.values()), ())
    st.plotly_chart(
        scale_figure(factors.outside, blocks, palette(st.context.theme.type), alpha_is_large=is_large),
        key=f"{_PAGE}.scale_curve",
        config=CONFIG,
        theme=None,
        alt=f"Factor by layer: {factors.outside:.2f} outside the blocks, "
        + (f"from {blocks[0]:.2f} in the first to {blocks[-1]:.2f} in the last" if blocks else "no blocks"),
    )
    if is_large:
        st.caption(
            f":material/warning: α is {alpha:.2f}: the method dropped so much that the rule scales up "
            "the rest. Give α a number if accuracy falls."
        )


def _kind(recipe: Recipe) -> str:
    return next(name for name, scale in _SCALES.items() if isinstance(recipe.scale, scale))


def _is_auto(recipe: Recipe) -> bool:
    return isinstance(recipe.scale, Lines) and recipe.scale.alpha is None


def _converted(lab: Lab, kind: str) -> Scale:
    """The scale of another kind that comes nearest to the present one."""
    scale, factors = lab.recipe.scale, lab.editing.factors(lab.alpha())
    if kind == "LiNeS":
        return Lines()
    if kind == "Curve":
        if factors is None:
            return Curve(0.3, (0.3,) * lab.editing.depth)
        blocks = next(iter(factors.blocks.values()), ())
        return Curve(round(factors.outside, 4), tuple(round(factor, 4) for factor in blocks))
    if isinstance(scale, Curve):
        return Constant(round(sum(scale.blocks) / max(len(scale.blocks), 1), 2))
    return Constant()


def _weights(lab: Lab, recipe: Recipe) -> None:
    distinct = set(recipe.weights.values())
    said = f"all {distinct.pop():g}" if len(distinct) == 1 else f"{min(distinct):g} to {max(distinct):g}"
    with st.expander(f"Task weights · {said}", expanded=True, key=f"{_PAGE}.weights"):
        for slider in weight_sliders(lab.bench.tasks):
            _slider(lab, slider, in_row=True)
        with st.container(horizontal=True, gap="small"):
            _bulk(lab)


def _bulk(lab: Lab) -> None:
    with st.popover("All at once", type="tertiary", icon=":material/tune:"):
        value = st.number_input("Value", -1.0, 2.0, 0.5, 0.1, key=f"{_PAGE}.bulk")
        st.button("Set all to it", key=f"{_PAGE}.set_all", on_click=_all_to, args=(lab, value))
        st.button("Multiply all by it", key=f"{_PAGE}.scale_all", on_click=_times, args=(lab, value))
    st.button(
        "Reset",
        key=f"{_PAGE}.reset",
        type="tertiary",
        icon=":material/restart_alt:",
        on_click=_all_to,
        args=(lab, 1.0),
    )


def _all_to(lab: Lab, value: float) -> None:
    lab.change(replace(lab.recipe, weights=dict.fromkeys(lab.recipe.weights, value)))


def _times(lab: Lab, factor: float) -> None:
    weights = {task: round(weight * factor, 4) for task, weight in lab.recipe.weights.items()}
    lab.change(replace(lab.recipe, weights=weights))


def _more(lab: Lab, recipe: Recipe) -> None:
    key = _key(lab, "scope")
    st.selectbox(
        "Scope",
        list(Scope),
        index=list(Scope).index(recipe.scope),
        format_func=lambda scope: _SCOPES[scope],
        key=key,
        on_change=_change(
            lab,
            key,
            lambda recipe: recipe.scope,
            lambda scope: lab.change(replace(lab.recipe, scope=Scope(scope))),
        ),
        help="Which weights count; the others keep the base's values",
    )


def _slider(lab: Lab, slider: Slider, *, in_row: bool = False) -> None:
    """One slider; in a row with its name it takes half the height."""
    value = value_of(lab.recipe, slider.key)
    if value is None:
        return
    slider = slider.around(value)
    key = _key(lab, str(slider.key))
    place = st.container(horizontal=in_row, wrap=not in_row, vertical_alignment="center", gap="small")
    if in_row:
        place.markdown(slider.label, width=_NAME_WIDTH)
    place.slider(
        slider.label,
        slider.low,
        slider.high,
        value,
        slider.step,
        format="%.2f",
        key=key,
        help=None if in_row else slider.meaning,
        label_visibility="collapsed" if in_row else "visible",
        on_change=_change(
            lab,
            key,
            lambda recipe: value_of(recipe, slider.key),
            lambda value: lab.move(slider.key, value),
        ),
    )


def _key(lab: Lab, name: str) -> str:
    """Key of an input.

    A recipe that comes from elsewhere than the input itself, undo or a link say, gets inputs of new
    keys, born with its values. Writing their session state instead is lost when two runs of the
    script follow each other closely, for Streamlit sends the browser only the last.
    """
    return f"{_PAGE}.{lab.editing.revision}.{name}"


def _change(
    lab: Lab, key: str, current: Callable[[Recipe], Any], take: Callable[[Any], None]
) -> Callable[[], None]:
    """What to do when an input of this key has changed.

    Streamlit also calls this for inputs nobody touched, when a run of the script is cut short right
    after it drew them: a value the recipe already has, or an input of an older recipe, changes nothing.
    """
    revision = lab.editing.revision

    def changed() -> None:
        value = st.session_state[key]
        if revision == lab.editing.revision and value != current(lab.recipe):
            take(value)

    return changed
