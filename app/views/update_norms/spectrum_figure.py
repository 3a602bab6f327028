"""Singular values of an update, from the strongest direction to the weakest."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.layout import plain_layout
from app.figures.notes import top_note
from app.figures.once import built_once
from app.figures.palette import Palette


@built_once
def spectrum_figure(
    values: Sequence[float], null: Sequence[float], colours: Palette, *, rank: float, null_rank: float
) -> go.Figure:
    """Draw the singular values as an area, and those with random signs as a line of ink.

    Args:
        values: Descending, ≥ 0, weight units, (r,).
        null: Of the same magnitudes with random signs, (r,).
        colours: The theme's.
        rank: Effective rank of the update.
        null_rank: With random signs.
    """
    places = list(range(1, len(values) + 1))
    figure = go.Figure(layout=_layout(len(values), colours))
    figure.add_bar(
        name="update",
        x=places,
        y=list(values),
        marker={"color": colours.merge, "line": {"width": 0}},
        hovertemplate="σ<sub>%{x}</sub> = %{y:.3g}<extra></extra>",
    )
    figure.add_scatter(
        name="null",
        x=places,
        y=list(null),
        mode="lines" if len(null) > 1 else "markers",
        line={"width": 2, "color": colours.ink},
        marker={"color": colours.ink},
        hovertemplate="random: %{y:.3g}<extra></extra>",
    )
    _rank(figure, "update", rank, f"effective rank {rank:.0f}", colours.merge, len(values))
    # On a level of its own, so that the names never meet.
    _rank(figure, "random", null_rank, f"random {null_rank:.0f}", colours.ink, len(values), level=1)
    return figure


def _layout(n_values: int, colours: Palette) -> dict[str, Any]:
    return plain_layout(
        colours,
        height=280,
        margin={"l": 4, "r": 12, "t": 38, "b": 40},
        hovermode="x",
        bargap=0.15 if n_values <= 130 else 0.0,
        xaxis=plain_axis(
            colours,
            showgrid=False,
            range=[0.5, n_values + 0.5],
            nticks=8,
            title=axis_title("direction", colours),
        ),
        yaxis=plain_axis(colours, nticks=5, rangemode="tozero", title=axis_title("σ", colours)),
    )


def _rank(
    figure: go.Figure, name: str, at: float, text: str, colour: str, n_values: int, *, level: int = 0
) -> None:
    """A dotted line through the chart at an effective rank, with its name on top."""
    line = {"color": colour, "width": 2, "dash": "dot"}
    figure.add_shape(name=name, type="line", x0=at, x1=at, y0=0, y1=1, yref="y domain", line=line)
    side = "right" if at > n_values / 2 else "left"
    figure.add_annotation(top_note(text, at, colour, yref="y domain", yshift=2 + 15 * level, xanchor=side))
