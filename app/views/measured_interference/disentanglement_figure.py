"""A number over two coefficients, measured point by point."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.palette import Palette


def landscape(
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
    """Draw the measured cells, the searched square, and where one stands.

    Args:
        values: Positions on both axes, ascending, (N,).
        cells: Rows from the bottom, (N, N); None where nothing was measured.
        colours: The theme's.
        axes: Names of the horizontal and the vertical coefficient.
        here: Coefficients in use.
        box: Ends of the square that is drawn, on both axes.
        high: Value of the fullest colour.
        unit: Title of the colour bar.
    """
    steps = len(colours.sequential) - 1
    margin = (values[-1] - values[0]) / max(2 * (len(values) - 1), 1)
    span = [values[0] - margin, values[-1] + margin]
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=420,
            margin={"l": 8, "r": 8, "t": 8, "b": 40},
            xaxis=plain_axis(
                colours, title=_title(axes[0], colours), showgrid=False, range=span, constrain="domain"
            ),
            yaxis=plain_axis(
                colours, title=_title(axes[1], colours), showgrid=False, range=span, scaleanchor="x"
            ),
        )
    )
    figure.add_heatmap(
        x=list(values),
        y=list(values),
        z=[list(row) for row in cells],
        zmin=0.0,
        zmax=high,
        colorscale=[(step / steps, colour) for step, colour in enumerate(colours.sequential)],
        colorbar={"title": {"text": unit}, "thickness": 9, "outlinewidth": 0, "tickfont": {"size": 11}},
        xgap=1,
        ygap=1,
        hovertemplate="(%{x:g}, %{y:g}): " + unit + " = %{z:.2f}<extra></extra>",
    )
    figure.add_shape(
        type="rect", x0=box[0], x1=box[1], y0=box[0], y1=box[1], line={"color": colours.ink, "width": 1.5}
    )
    if here is not None:
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
    return figure


def _title(text: str, colours: Palette) -> dict[str, object]:
    return {"text": text, "font": {"size": 12, "color": colours.quiet}, "standoff": 4}
