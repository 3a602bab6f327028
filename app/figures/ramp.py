"""The factor of each layer over the size of its update, before and after."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.palette import Palette, plain_axis, plain_layout


def ramp(
    names: Sequence[str],
    factors: Sequence[float],
    before: Sequence[float],
    after: Sequence[float],
    colours: Palette,
    *,
    constant: float,
) -> go.Figure:
    """Draw bars of sizes with the factors as a line over them.

    Args:
        names: Columns from left to right, (N,); `outside` is set apart from the blocks.
        factors: λ of each, (N,).
        before: ‖τ‖₂ there, unscaled, (N,).
        after: ‖λ τ‖₂ there, (N,).
        colours: The theme's.
        constant: The one λ that makes the update as large, drawn dotted.
    """
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=340,
            margin={"l": 8, "r": 8, "t": 10, "b": 36},
            barmode="overlay",
            bargap=0.25,
            xaxis=plain_axis(colours, type="category", showgrid=False, title=_title("layer", colours)),
            yaxis=plain_axis(colours, title=_title("‖τ‖₂", colours), rangemode="tozero"),
            yaxis2=plain_axis(
                colours,
                title=_title("factor λ(l)", colours),
                overlaying="y",
                side="right",
                showgrid=False,
                rangemode="tozero",
                tickmode="auto",
            ),
        )
    )
    figure.add_bar(
        name="before",
        x=list(names),
        y=list(before),
        marker={"color": colours.track},
        hovertemplate="layer %{x}: ‖τ‖ = %{y:.3f} before<extra></extra>",
    )
    figure.add_bar(
        name="after",
        x=list(names),
        y=list(after),
        width=0.4,
        marker={"color": colours.sequential[2]},
        hovertemplate="layer %{x}: %{y:.3f} after<extra></extra>",
    )
    figure.add_scatter(
        name="factor",
        x=list(names),
        y=list(factors),
        yaxis="y2",
        mode="lines+markers",
        line={"width": 3, "color": colours.merge},
        marker={"size": 7},
        hovertemplate="layer %{x}: λ = %{y:.3f}<extra></extra>",
    )
    figure.add_scatter(
        name="constant",
        x=list(names),
        y=[constant] * len(names),
        yaxis="y2",
        mode="lines",
        line={"width": 1.5, "dash": "dot", "color": colours.ink},
        hovertemplate=f"constant of equal size: {constant:.3f}<extra></extra>",
    )
    return figure


def _title(text: str, colours: Palette) -> dict[str, object]:
    return {"text": text, "font": {"size": 12, "color": colours.quiet}, "standoff": 4}
