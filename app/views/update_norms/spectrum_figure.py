"""Singular values of an update, from the strongest direction to the weakest."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.palette import Palette


def spectrum(
    values: Sequence[float], null: Sequence[float], colours: Palette, *, rank: float, null_rank: float
) -> go.Figure:
    """Draw the singular values as an area, and those of a random matrix as a line of ink.

    Args:
        values: Descending, ≥ 0, weight units, (r,).
        null: A random matrix's, (r,).
        colours: The theme's.
        rank: Effective rank of the update.
        null_rank: The random matrix's.
    """
    places = list(range(1, len(values) + 1))
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=280,
            margin={"l": 4, "r": 12, "t": 38, "b": 40},
            hovermode="x",
            xaxis=plain_axis(
                colours,
                showgrid=False,
                range=[0.5, len(values) + 0.5],
                nticks=8,
                title={"text": "direction", "font": {"size": 12, "color": colours.quiet}, "standoff": 6},
            ),
            yaxis=plain_axis(
                colours,
                nticks=5,
                rangemode="tozero",
                title={"text": "σ", "font": {"size": 12, "color": colours.quiet}, "standoff": 6},
            ),
        )
    )
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
    for name, at, colour in (("update", rank, colours.merge), ("random", null_rank, colours.ink)):
        line = {"color": colour, "width": 2, "dash": "dot"}
        figure.add_shape(name=name, type="line", x0=at, x1=at, y0=0, y1=1, yref="y domain", line=line)
    # On two levels, so that the names never meet.
    for level, (said, at, colour) in enumerate(
        (
            (f"effective rank {rank:.0f}", rank, colours.merge),
            (f"random {null_rank:.0f}", null_rank, colours.ink),
        )
    ):
        figure.add_annotation(
            text=said,
            x=at,
            y=1.0,
            yref="y domain",
            yshift=2 + 15 * level,
            yanchor="bottom",
            xanchor="right" if at > len(values) / 2 else "left",
            showarrow=False,
            font={"size": 12, "color": colour},
        )
    figure.update_layout(bargap=0.15 if len(values) <= 130 else 0.0)
    return figure
