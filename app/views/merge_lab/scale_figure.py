"""Factors by which the updates of layers are multiplied."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette


@built_once
def scale_figure(
    outside: float, blocks: Sequence[float], colours: Palette, *, alpha_is_large: bool = False
) -> go.Figure:
    """Draw one bar per layer; what lies outside the blocks stands apart, in grey.

    Args:
        outside: Factor outside the residual blocks.
        blocks: Factor of each block, from the input, (L,).
        colours: The theme's.
        alpha_is_large: Draw the first factors in the warning colour.
    """
    quiet = colours.worse if alpha_is_large else colours.quiet
    every = max(1, round(len(blocks) / 12))
    return go.Figure(
        go.Bar(
            x=["out", *(str(layer) for layer in range(len(blocks)))],
            y=[outside, *blocks],
            marker={"color": [quiet, *[colours.merge] * len(blocks)]},
            hovertemplate="%{x}: %{y:.3f}<extra></extra>",
        ),
        layout=plain_layout(
            colours,
            height=130,
            margin={"l": 4, "r": 4, "t": 6, "b": 20},
            bargap=0.25,
            xaxis=plain_axis(
                colours,
                type="category",
                showgrid=False,
                tickvals=["out", *(str(layer) for layer in range(0, len(blocks), every))],
            ),
            yaxis=plain_axis(colours, nticks=4, rangemode="tozero"),
        ),
    )
