"""One thin curve per order, and their mean."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette


@built_once
def orders_figure(
    orders: Sequence[Sequence[str]],
    curves: Sequence[Sequence[float | None]],
    mean: Sequence[float | None],
    colours: Palette,
) -> go.Figure:
    """Draw accuracy against the number of tasks merged.

    Args:
        orders: Tasks in the order they were added, (R, T).
        curves: Accuracy after each, 0 … 1, (R, T); None where it was not measured.
        mean: Their mean, (T,).
        colours: The theme's.
    """
    steps = list(range(1, max((len(order) for order in orders), default=0) + 1))
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=300,
            margin={"l": 8, "r": 12, "t": 8, "b": 40},
            xaxis=plain_axis(
                colours, tickvals=steps, showgrid=False, title=axis_title("tasks merged", colours)
            ),
            yaxis=plain_axis(colours, tickformat=".0%", nticks=5),
        )
    )
    for order, curve in zip(orders, curves, strict=True):
        figure.add_scatter(
            name=" → ".join(order),
            x=steps,
            y=list(curve),
            mode="lines+markers",
            line={"width": 1, "color": colours.quiet},
            marker={"size": 4},
            opacity=0.7,
            hovertext=[" + ".join(order[: k + 1]) for k in range(len(order))],
            hovertemplate="%{hovertext}: %{y:.1%}<extra></extra>",
        )
    figure.add_scatter(
        name="mean",
        x=steps,
        y=list(mean),
        mode="lines",
        line={"width": 3, "color": colours.merge},
        hovertemplate="mean over orders: %{y:.1%}<extra></extra>",
    )
    if all(value is None for value in mean):
        figure.update_yaxes(range=[0, 1])  # Plotly's own range without data reaches to 600 %.
    return figure
