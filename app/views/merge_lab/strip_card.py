"""Card: accuracy over the range of the slider moved last."""

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from app.figures.layout import CONFIG
from app.session.lab import Lab
from app.session.sliders import Slider, all_sliders, moved, value_of
from app.views.merge_lab.better_position import BetterPosition, better_position, better_sentence
from app.views.merge_lab.strip import strip_caption, strip_curves
from app.views.merge_lab.strip_figure import strip_figure
from app.widgets.drawing import nothing_new, redrawn
from app.widgets.look import as_shown, tab_palette
from app.words.numbers import fixed


def strip_card(lab: Lab) -> Callable[[int], None]:
    """Draw the response of the slider moved last, as far as it has been measured.

    Returns:
        Draws it again, with what has come in meanwhile, given how many steps that is.
    """
    if not lab.bench.largest_sample("val"):
        return nothing_new
    with st.container(border=True, key="merge_lab.strip_card"):
        st.markdown(f"**If you moved {as_shown(_slider(lab).label)}**")
        if value_of(lab.recipe, lab.editing.focus) is None:
            st.caption("LiNeS finds α by the paper's rule here. Move another slider to see its effect.")
            return nothing_new
        place = st.empty()
        _draw(lab, place, 0)
    return lambda n_new: _draw(lab, place, n_new)


def _draw(lab: Lab, place: Any, n_new: int) -> None:
    slider, here, points = _slider(lab), value_of(lab.recipe, lab.editing.focus), lab.strip()
    curves = strip_curves(points)
    key = redrawn("merge_lab.strip", n_new)
    with place.container():
        if curves is None or here is None:
            st.caption("Positions of this slider are measured in the background, the nearest first.")
            return
        st.plotly_chart(
            strip_figure(
                curves.values,
                curves.mean,
                curves.tasks,
                tab_palette(),
                here=here,
                span=(min(slider.usual[0], here), max(slider.usual[1], here)),
                label=slider.label,
                chosen=lab.task,
            ),
            key=key,
            on_select=partial(_position_clicked, lab, key),
            selection_mode="points",
            config=CONFIG,
            theme=None,
            alt=f"Mean accuracy against {slider.label}: best of {len(curves.values)} measured at "
            f"{curves.values[curves.best]:g}",
        )
        st.caption(as_shown(strip_caption(curves, lab.task)))
        _offer(lab, slider.label, better_position(points, here), redrawn("merge_lab.take_best", n_new))


def _slider(lab: Lab) -> Slider:
    return all_sliders(lab.recipe)[lab.editing.focus]


def _offer(lab: Lab, label: str, better: BetterPosition | None, key: str) -> None:
    """Draw the best measured position with a button that takes it, where it is clearly better."""
    if better is None:
        return
    taken = moved(lab.recipe, lab.editing.focus, better.value)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(as_shown(better_sentence(better, label)))
        st.button(
            f"Set {as_shown(label)} to {fixed(better.value, 2)}",
            key=key,
            on_click=lambda: lab.change(taken),
        )


def _position_clicked(lab: Lab, key: str) -> None:
    points = st.session_state[key]["selection"]["points"]
    if points:
        lab.change(moved(lab.recipe, lab.editing.focus, float(points[0]["x"])))
