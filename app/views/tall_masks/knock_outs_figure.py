"""What removals cost: two panels with the same rows and the same axis, random controls as bands."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.palette import Palette
from app.views.tall_masks.reached_figure import Reached, value_span

_ROW = 36


def knock_out_figure(
    same: Sequence[Reached], own: Sequence[Reached], colours: Palette, *, titles: tuple[str, str]
) -> go.Figure:
    """Draw the panels.

    Args:
        same: Rows of the left panel, from the top.
        own: The same rows in the right one.
        colours: The theme's.
        titles: Of the panels.
    """
    names = [row.name for row in same]
    figure = make_subplots(rows=1, cols=2, shared_yaxes=True, horizontal_spacing=0.1)
    figure.update_layout(
        plain_layout(colours, height=_ROW * len(names) + 64, margin={"l": 8, "r": 44, "t": 26, "b": 26})
    )
    span = value_span([*same, *own])
    for column, (rows, title) in enumerate(zip((same, own), titles, strict=True), start=1):
        _panel(figure, rows, colours, column)
        figure.update_xaxes(plain_axis(colours, range=span, tickformat=".0%", nticks=4), row=1, col=column)
        figure.add_annotation(
            text=title,
            xref=f"x{'' if column == 1 else column} domain",
            x=0.0,
            xanchor="left",
            yref="paper",
            y=1.0,
            yanchor="bottom",
            showarrow=False,
            font={"size": 12, "color": colours.quiet},
        )
    figure.update_yaxes(
        plain_axis(
            colours,
            range=[len(names) - 0.5, -0.5],
            showgrid=False,
            tickvals=list(range(len(names))),
            ticktext=names,
            tickfont={"size": 12, "color": colours.ink},
        )
    )
    return figure


def _panel(figure: go.Figure, rows: Sequence[Reached], colours: Palette, column: int) -> None:
    for number, row in enumerate(rows):
        if row.random_low is not None and row.random_high is not None:
            figure.add_shape(
                name="random",
                type="rect",
                x0=row.random_low,
                x1=row.random_high,
                y0=number - 0.34,
                y1=number + 0.34,
                fillcolor=colours.ink,
                opacity=0.25,
                line={"color": colours.ink, "width": 1},
                layer="below",
                row=1,
                col=column,
            )
        figure.add_annotation(
            text=f"<b>{row.text}</b>",
            xref=f"x{'' if column == 1 else column} domain",
            x=1.0,
            xanchor="left",
            xshift=4,
            y=number,
            showarrow=False,
            font={"size": 12, "color": colours.ink},
            row=1,
            col=column,
        )
    figure.add_scatter(
        name="measured",
        x=[row.value for row in rows],
        y=list(range(len(rows))),
        mode="markers",
        marker={"size": 11, "color": [row.colour for row in rows]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row.high - row.value for row in rows],
            "arrayminus": [row.value - row.low for row in rows],
            "color": colours.quiet,
            "thickness": 2,
            "width": 0,
        },
        hovertext=[row.hover for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
        row=1,
        col=column,
    )
