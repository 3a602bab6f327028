"""The largest combinations of sets: their sizes as bars over a matrix of the sets that are in."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.figures.axes import inked, numbered_row_axis, plain_axis
from app.figures.chance import chance_marks
from app.figures.clicks import as_unclicked
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette

_ROW = 24
_BARS = 190

_TOP, _MATRIX, _SIDE = {"row": 1, "col": 2}, {"row": 2, "col": 2}, {"row": 2, "col": 1}
"""Panels: the combinations' sizes, their members below, and the sets' sizes left of those."""


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


@built_once
def combinations_figure(
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
    height = _BARS + _ROW * len(sets) + 40
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
        **_TOP,
    )
    _null(figure, columns, colours)
    _bands(figure, sets, colours, chosen)
    _joins(figure, columns)
    _members(figure, sets, columns, colours)
    _sizes(figure, sets, sizes, colours)
    _axes(figure, sets, columns, colours, chosen)
    return figure


def _null(figure: go.Figure, columns: Sequence[Column], colours: Palette) -> None:
    known = [(number, column) for number, column in enumerate(columns) if column.by_chance is not None]
    marks = chance_marks(
        [number for number, _ in known],
        [column.by_chance for _, column in known],
        colours,
        along="y",
        size=16,
        spread=[column.spread for _, column in known],
    )
    figure.add_scatter(**marks, **_TOP)


def _bands(figure: go.Figure, sets: Sequence[str], colours: Palette, chosen: str | None) -> None:
    """Tints behind every other row of the matrix, and behind the chosen one."""
    for number, name in enumerate(sets):
        if name == chosen or number % 2:
            figure.add_hrect(
                y0=number - 0.5,
                y1=number + 0.5,
                fillcolor=colours.pinned if name == chosen else colours.track,
                opacity=0.18 if name == chosen else 0.45,
                line_width=0,
                layer="below",
                **_MATRIX,
            )


def _joins(figure: go.Figure, columns: Sequence[Column]) -> None:
    """Strokes from the first to the last member of each combination, one trace for each colour."""
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
            **_MATRIX,
        )


def _members(figure: go.Figure, sets: Sequence[str], columns: Sequence[Column], colours: Palette) -> None:
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
        hovertext=[f"{sets[row]}<br>{columns[number].hover}" for number, row in places],
        hovertemplate="%{hovertext}<extra></extra>",
        **as_unclicked(),
        **_MATRIX,
    )


def _sizes(figure: go.Figure, sets: Sequence[str], sizes: Sequence[float], colours: Palette) -> None:
    figure.add_bar(
        name="sizes",
        x=list(sizes),
        y=list(range(len(sets))),
        customdata=list(sets),
        orientation="h",
        marker={"color": colours.quiet},
        opacity=0.7,
        hovertemplate="%{customdata} keeps %{x:.1%}<extra></extra>",
        **as_unclicked(0.7),
        **_SIDE,
    )


def _axes(
    figure: go.Figure,
    sets: Sequence[str],
    columns: Sequence[Column],
    colours: Palette,
    chosen: str | None,
) -> None:
    blank = {"showgrid": False, "showticklabels": False}
    across = plain_axis(colours, range=[-0.6, max(len(columns), 1) - 0.4], **blank)
    figure.update_xaxes(across, **_TOP).update_xaxes(across, **_MATRIX)
    figure.update_xaxes(
        plain_axis(
            colours,
            range=[1.0, 0.0],
            tickvals=[0.0, 0.5, 1.0],
            tickformat=".0%",
            showgrid=False,
            tickfont={"size": 10, "color": colours.quiet},
        ),
        **_SIDE,
    )
    figure.update_yaxes(plain_axis(colours, tickformat=".0%", nticks=5, rangemode="tozero"), **_TOP)
    names = numbered_row_axis(sets, colours, {chosen}, tickfont=inked(colours))
    figure.update_yaxes(names | {"showticklabels": False}, **_MATRIX).update_yaxes(names, **_SIDE)
