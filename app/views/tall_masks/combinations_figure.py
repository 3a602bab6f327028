"""The largest combinations of sets: their sizes as bars over a matrix that says which sets are in."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.palette import Palette

_ROW = 24
_BARS = 190


@dataclass(frozen=True, slots=True)
class Column:
    """One combination."""

    members: Sequence[int]
    """Rows of the matrix that are in."""
    share: float
    colour: str
    by_chance: float | None = None
    spread: float = 0.0
    hover: str = ""


def upset(
    sets: Sequence[str],
    sizes: Sequence[float],
    columns: Sequence[Column],
    colours: Palette,
    *,
    chosen: str | None = None,
) -> go.Figure:
    """Draw the combinations; a click on the matrix or a size gives the set as y.

    Args:
        sets: Rows of the matrix, from the top, (T,).
        sizes: Of each set, in [0, 1], (T,).
        columns: From the largest.
        colours: The theme's.
        chosen: Set whose name is bold and whose row is tinted.
    """
    height = _BARS + _ROW * len(sets) + 40
    figure = make_subplots(
        rows=2,
        cols=2,
        column_widths=[0.2, 0.8],
        row_heights=[_BARS, _ROW * len(sets)],
        horizontal_spacing=0.01,
        vertical_spacing=0.02,
        specs=[[None, {}], [{}, {}]],
        shared_yaxes=False,
    )
    figure.update_layout(
        plain_layout(colours, height=height, bargap=0.3, margin={"l": 8, "r": 8, "t": 8, "b": 26})
    )
    figure.add_bar(
        name="combinations",
        x=list(range(len(columns))),
        y=[column.share for column in columns],
        marker={"color": [column.colour for column in columns]},
        hovertext=[column.hover for column in columns],
        hovertemplate="%{hovertext}<extra></extra>",
        row=1,
        col=2,
    )
    _null(figure, columns, colours)
    _matrix(figure, sets, columns, colours, chosen)
    figure.add_bar(
        name="sizes",
        x=list(sizes),
        y=list(range(len(sets))),
        customdata=list(sets),
        orientation="h",
        marker={"color": colours.quiet},
        opacity=0.7,
        selected={"marker": {"opacity": 0.7}},
        unselected={"marker": {"opacity": 0.7}},
        hovertemplate="%{customdata} keeps %{x:.1%}<extra></extra>",
        row=2,
        col=1,
    )
    wide = [-0.6, max(len(columns), 1) - 0.4]
    figure.update_xaxes(plain_axis(colours, range=wide, showticklabels=False, showgrid=False), row=1, col=2)
    figure.update_xaxes(plain_axis(colours, range=wide, showticklabels=False, showgrid=False), row=2, col=2)
    figure.update_xaxes(
        plain_axis(
            colours,
            range=[1.0, 0.0],
            tickvals=[0.0, 0.5, 1.0],
            tickformat=".0%",
            showgrid=False,
            tickfont={"size": 10, "color": colours.quiet},
        ),
        row=2,
        col=1,
    )
    figure.update_yaxes(plain_axis(colours, tickformat=".0%", nticks=5, rangemode="tozero"), row=1, col=2)
    tall = [len(sets) - 0.5, -0.5]
    figure.update_yaxes(plain_axis(colours, range=tall, showticklabels=False, showgrid=False), row=2, col=2)
    figure.update_yaxes(
        plain_axis(
            colours,
            range=tall,
            showgrid=False,
            tickvals=list(range(len(sets))),
            ticktext=[f"<b>{name}</b>" if name == chosen else name for name in sets],
            tickfont={"size": 12, "color": colours.ink},
        ),
        row=2,
        col=1,
    )
    return figure


def _null(figure: go.Figure, columns: Sequence[Column], colours: Palette) -> None:
    known = [(number, column) for number, column in enumerate(columns) if column.by_chance is not None]
    figure.add_scatter(
        name="null",
        x=[number for number, _ in known],
        y=[column.by_chance for _, column in known],
        mode="markers",
        marker={"symbol": "line-ew", "size": 16, "line": {"color": colours.ink, "width": 2}},
        error_y={
            "array": [column.spread for _, column in known],
            "color": colours.ink,
            "thickness": 1,
            "width": 3,
        },
        hoverinfo="skip",
        row=1,
        col=2,
    )


def _matrix(
    figure: go.Figure, sets: Sequence[str], columns: Sequence[Column], colours: Palette, chosen: str | None
) -> None:
    for number, name in enumerate(sets):
        if name == chosen or number % 2:
            figure.add_hrect(
                y0=number - 0.5,
                y1=number + 0.5,
                fillcolor=colours.pinned if name == chosen else colours.track,
                opacity=0.18 if name == chosen else 0.45,
                line_width=0,
                layer="below",
                row=2,
                col=2,
            )
    joined = [(number, column) for number, column in enumerate(columns) if len(column.members) > 1]
    for colour in dict.fromkeys(column.colour for _, column in joined):
        ends = [
            (number, end)
            for number, column in joined
            if column.colour == colour
            for end in (min(column.members), max(column.members), None)
        ]
        figure.add_scatter(
            x=[number for number, _ in ends],
            y=[end for _, end in ends],
            mode="lines",
            line={"color": colour, "width": 2},
            hoverinfo="skip",
            row=2,
            col=2,
        )
    places = [(number, row) for number in range(len(columns)) for row in range(len(sets))]
    figure.add_scatter(
        name="members",
        x=[number for number, _ in places],
        y=[row for _, row in places],
        customdata=[sets[row] for _, row in places],
        mode="markers",
        marker={
            "size": 9,
            "color": [
                columns[number].colour if row in columns[number].members else colours.grid
                for number, row in places
            ],
        },
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": 1.0}},
        hovertext=[f"{sets[row]}<br>{columns[number].hover}" for number, row in places],
        hovertemplate="%{hovertext}<extra></extra>",
        row=2,
        col=2,
    )
