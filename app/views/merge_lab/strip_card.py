"""Card: accuracy over the range of the slider moved last."""

import streamlit as st

from app.figures.layout import CONFIG
from app.figures.palette import palette
from app.session.lab import Lab
from app.session.sliders import all_sliders, moved, value_of
from app.views.merge_lab.better_position import BetterPosition, better_position, better_sentence
from app.views.merge_lab.strip import strip_caption, strip_curves
from app.views.merge_lab.strip_figure import strip_figure
from app.words.numbers import fixed


def strip_card(lab: Lab) -> None:
    """Draw the response of the slider moved last, as far as it has been measured."""
    if not lab.bench.largest_sample("val"):
        return
    slider, here = all_sliders(lab.recipe)[lab.editing.focus], value_of(lab.recipe, lab.editing.focus)
    with st.container(border=True, key="merge_lab.strip_card"):
        st.markdown(f"**If you moved {slider.label}**")
        if here is None:
            st.caption("LiNeS finds α by the paper's rule here. Move another slider to see its effect.")
            return
        points = lab.strip()
        curves = strip_curves(points)
        if curves is None:
            st.caption("Positions of this slider are measured in the background, the nearest first.")
            return
        st.plotly_chart(
            strip_figure(
                curves.values,
                curves.mean,
                curves.tasks,
                palette(st.context.theme.type),
                here=here,
                span=(min(slider.usual[0], here), max(slider.usual[1], here)),
                label=slider.label,
            ),
            key="merge_lab.strip",
            config=CONFIG,
            theme=None,
            alt=f"Mean accuracy against {slider.label}: best of {len(curves.values)} measured at "
            f"{curves.values[curves.best]:g}",
        )
        st.caption(strip_caption(curves))
        _offer(lab, slider.label, better_position(points, here))


def _offer(lab: Lab, label: str, better: BetterPosition | None) -> None:
    """Draw the best measured position with a button that takes it, where it is clearly better."""
    if better is None:
        return
    taken = moved(lab.recipe, lab.editing.focus, better.value)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(better_sentence(better, label))
        st.button(
            f"Set {label} to {fixed(better.value, 2)}",
            key="merge_lab.take_best",
            on_click=lambda: lab.change(taken),
        )
