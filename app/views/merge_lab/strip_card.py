"""What accuracy does when the slider in focus moves."""

import streamlit as st

from app.figures.layout import CONFIG
from app.figures.palette import palette
from app.session.lab import Lab
from app.session.sliders import all_sliders, value_of
from app.session.strip import StripPoint
from app.views.merge_lab.strip_figure import strip_figure


def _by_task(points: list[StripPoint]) -> dict[str, list[float]]:
    return {
        score.task: [point.run.tasks[index].accuracy for point in points]
        for index, score in enumerate(points[0].run.tasks)
    }


def strip_card(lab: Lab) -> None:
    """Draw the response of the slider moved last, as far as it has been measured."""
    if not lab.bench.largest_sample("val"):
        return
    slider, here = all_sliders(lab.recipe)[lab.editing.focus], value_of(lab.recipe, lab.editing.focus)
    with st.container(border=True, key="merge_lab.strip_card"):
        st.markdown(f"**If you moved {slider.label}**")
        if here is None:
            st.caption("LiNeS finds α by itself here; move another slider to see what it does.")
            return
        points = [point for point in lab.strip() if point.run.mean.accuracy is not None]
        if len(points) < 2:
            st.caption("Measured while you look, nearest positions first.")
            return
        low, high = slider.usual
        best = max(points, key=lambda point: point.run.mean.accuracy or 0.0)
        st.plotly_chart(
            strip_figure(
                [point.value for point in points],
                [point.run.mean.accuracy or 0.0 for point in points],
                _by_task(points),
                palette(st.context.theme.type),
                here=here,
                span=(min(low, here), max(high, here)),
                label=slider.label,
            ),
            key="merge_lab.strip",
            config=CONFIG,
            theme=None,
            alt=f"Mean accuracy against {slider.label}: best of {len(points)} measured at {best.value:g}",
        )
        st.caption(
            f"Mean in blue, tasks in grey; {len(points)} positions measured while you looked. The highest "
            "looks better than it is: it was found on these images."
        )
