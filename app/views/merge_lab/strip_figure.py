"""Accuracy over the values of one slider while everything else stays."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette


@built_once
def strip_figure(
    values: Sequence[float],
    mean: Sequence[float],
    tasks: Mapping[str, Sequence[float]],
    colours: Palette,
    *,
    here: float,
    span: tuple[float, float],
    label: str,
) -> go.Figure:
    """Draw the mean over the slider's values, each task behind it, and where the slider stands.

    Args:
        values: Measured positions of the slider, ascending, (N,).
        mean: Mean accuracy at each, 0 … 1, (N,).
        tasks: Accuracy of each task at each, 0 … 1, (N,) each.
        colours: The theme's.
        here: The slider's position.
        span: Ends of the slider.
        label: The slider's name.
    """
    figure = go.Figure(layout=_layout(span, label, colours))
    for task, accuracies in tasks.items():
        figure.add_scatter(
            name=task,
            x=values,
            y=accuracies,
            mode="lines",
            line={"width": 1, "color": colours.quiet},
            opacity=0.55,
            hovertemplate=f"{task}: %{{y:.1%}} at %{{x:.2f}}<extra></extra>",
        )
    figure.add_scatter(
        name="mean",
        x=values,
        y=mean,
        mode="lines+markers",
        line={"width": 3, "color": colours.merge},
        marker={"size": 6},
        hovertemplate="mean: %{y:.1%} at %{x:.2f}<extra></extra>",
    )
    figure.add_vline(x=here, line={"color": colours.pinned, "dash": "dot", "width": 2})
    return figure


def _layout(span: tuple[float, float], label: str, colours: Palette) -> dict[str, Any]:
    return plain_layout(
        colours,
        height=180,
        margin={"l": 4, "r": 8, "t": 6, "b": 34},
        xaxis=plain_axis(
            colours, range=list(span), showgrid=False, nticks=5, title=axis_title(label, colours)
        ),
        yaxis=plain_axis(colours, tickformat=".0%", nticks=4),
    )
