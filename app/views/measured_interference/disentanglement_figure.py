"""Values over two coefficients, measured point by point."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.contrast import stops
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette


@built_once
def disentanglement_figure(
    values: Sequence[float],
    cells: Sequence[Sequence[float | None]],
    colours: Palette,
    *,
    axes: tuple[str, str],
    here: tuple[float, float] | None,
    box: tuple[float, float],
    high: float,
    unit: str,
) -> go.Figure:
    """Draw the measured cells, the searched square, and the lab's position.

    Args:
        values: Positions on both axes, ascending, (N,).
        cells: Rows from the bottom, (N, N); None where nothing was measured.
        colours: The theme's.
        axes: Names of the horizontal and the vertical coefficient.
        here: Coefficients in use in the lab.
        box: Ends of the square that is drawn, on both axes.
        high: Value of the fullest colour.
        unit: Title of the colour bar.
    """
    figure = go.Figure(layout=_layout(values, axes, colours))
    figure.add_heatmap(
        x=list(values),
        y=list(values),
        z=[list(row) for row in cells],
        zmin=0.0,
        zmax=high,
        colorscale=stops(colours.sequential),
        colorbar={"title": {"text": unit}, "thickness": 9, "outlinewidth": 0, "tickfont": {"size": 11}},
        xgap=1,
        ygap=1,
        hovertemplate="(%{x:g}, %{y:g}): " + unit + " = %{z:.2f}<extra></extra>",
    )
    figure.add_shape(
        type="rect", x0=box[0], x1=box[1], y0=box[0], y1=box[1], line={"color": colours.ink, "width": 1.5}
    )
    if here is not None:
        _lab(figure, here, colours)
    return figure


def _layout(values: Sequence[float], axes: tuple[str, str], colours: Palette) -> dict[str, Any]:
    margin = (values[-1] - values[0]) / max(2 * (len(values) - 1), 1)
    square = {"showgrid": False, "range": [values[0] - margin, values[-1] + margin]}
    return plain_layout(
        colours,
        height=420,
        margin={"l": 8, "r": 8, "t": 8, "b": 40},
        xaxis=plain_axis(colours, title=axis_title(axes[0], colours), constrain="domain", **square),
        yaxis=plain_axis(colours, title=axis_title(axes[1], colours), scaleanchor="x", **square),
    )


def _lab(figure: go.Figure, here: tuple[float, float], colours: Palette) -> None:
    figure.add_scatter(
        name="here",
        x=[here[0]],
        y=[here[1]],
        mode="markers+text",
        text=["the lab"],
        textposition="top center",
        textfont={"color": colours.pinned, "size": 12},
        marker={"symbol": "x", "size": 11, "color": colours.pinned},
        hoverinfo="skip",
    )
