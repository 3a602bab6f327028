"""How near measured accuracies come to a mark: one row a case, with interval, null and target."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.palette import Palette

_ROW = 34


@dataclass(frozen=True, slots=True)
class Reached:
    """One case; values as shares."""

    name: str
    value: float
    low: float
    high: float
    text: str
    hover: str = ""
    colour: str | None = None
    """This merge's by default."""
    random_low: float | None = None
    random_high: float | None = None
    """Ends of the band of random controls."""


def reached(
    rows: Sequence[Reached],
    colours: Palette,
    *,
    target: float | None = None,
    target_name: str = "",
    chosen: str | None = None,
    span: tuple[float, float] | None = None,
    names: bool = True,
) -> go.Figure:
    """Draw the rows from the top; a click gives the name as y.

    Args:
        rows: In the order drawn.
        colours: The theme's.
        target: A mark over all rows.
        target_name: Written at it.
        chosen: Row whose name is bold.
        span: Ends of the axis; what the rows need by default.
        names: Whether rows are named at the left.
    """
    labels = [row.name for row in rows]
    low, high = span or value_span(rows, target)
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=_ROW * max(len(rows), 1) + 50,
            margin={"l": 8, "r": 66, "t": 22, "b": 24},
            hoverdistance=-1,
            xaxis=plain_axis(colours, range=[low, high], tickformat=".0%", nticks=6),
            yaxis=plain_axis(
                colours,
                type="category",
                categoryorder="array",
                categoryarray=labels,
                range=[len(rows) - 0.5, -0.5],
                showgrid=False,
                showticklabels=names,
                tickmode="array",
                tickvals=labels,
                ticktext=[f"<b>{name}</b>" if name == chosen else name for name in labels],
                tickfont={"size": 13, "color": colours.ink},
                ticklabelstandoff=4,
            ),
        )
    )
    if target is not None:
        figure.add_vline(x=target, line={"color": colours.ink, "width": 1.5})
        figure.add_annotation(
            text=target_name,
            x=target,
            y=1.0,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            font={"size": 12, "color": colours.ink},
        )
    figure.add_scatter(
        name="measured",
        x=[row.value for row in rows],
        y=labels,
        mode="markers",
        marker={"size": 11, "color": [row.colour or colours.merge for row in rows]},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [row.high - row.value for row in rows],
            "arrayminus": [row.value - row.low for row in rows],
            "color": colours.quiet,
            "thickness": 2,
            "width": 0,
        },
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": 1.0}},
        hovertext=[row.hover or row.text for row in rows],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    for row in rows:
        figure.add_annotation(
            text=f"<b>{row.text}</b>",
            x=1.0,
            xref="paper",
            xanchor="left",
            xshift=6,
            y=row.name,
            showarrow=False,
            font={"size": 12, "color": colours.ink},
        )
    return figure


def value_span(rows: Sequence[Reached], target: float | None = None) -> tuple[float, float]:
    """An axis that holds all rows, their intervals, bands and the target, with some room."""
    known = [value for row in rows for value in (row.low, row.high, row.random_low, row.random_high)]
    held = [value for value in (*known, target) if value is not None] or [0.0, 1.0]
    room = 0.05 * max(max(held) - min(held), 0.02)
    return max(0.0, min(held) - room), max(held) + room
