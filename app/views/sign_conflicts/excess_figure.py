"""Values in rows, each beside the interval in which chance would put it."""

from collections.abc import Collection, Mapping, Sequence

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis, row_axis, row_pixels
from app.figures.chance import chance_marks
from app.figures.clicks import as_unclicked
from app.figures.focus import row_frames
from app.figures.layout import plain_layout
from app.figures.notes import corner_notes
from app.figures.once import built_once
from app.figures.palette import Palette
from app.views.sign_conflicts.chance_row import ChanceRow

_WIDE = 4.0
"""How much wider than the middle row's a null may be for its row to count for the range of the axis."""


_Known = tuple[int, ChanceRow, float]
"""Number of a row, the row, and its value."""


@built_once
def excess_figure(
    rows: Sequence[ChanceRow],
    colours: Palette,
    *,
    title: str,
    tickformat: str,
    zero: float | None = None,
    ends: tuple[str, str] = ("", ""),
    chosen: Collection[str] = (),
) -> go.Figure:
    """Draw one dot per row, and its null as a bar of ink; a click gives the row as y.

    Rows of so few weights that chance alone may put them anywhere do not stretch the axis: what lies beyond
    it is a triangle at its end.

    Args:
        rows: From the top.
        colours: The theme's.
        title: Of the axis.
        tickformat: Of its numbers, as d3 writes them.
        zero: Value at which a line is drawn through all rows.
        ends: What lies to the left and to the right.
        chosen: Rows that are framed.
    """
    names = [row.name for row in rows]
    known = [(number, row, row.value) for number, row in enumerate(rows) if row.value is not None]
    span = _span([row for _, row, _ in known], zero)
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=62 + row_pixels(len(rows)) * len(rows),
            margin={"l": 8, "r": 14, "t": 20 if any(ends) else 4, "b": 40},
            hoverdistance=-1,
            xaxis=plain_axis(
                colours, range=span, tickformat=tickformat, nticks=6, title=axis_title(title, colours)
            ),
            yaxis=row_axis(names, colours, chosen),
            annotations=corner_notes(*ends, colours),
        )
    )
    if zero is not None:
        figure.add_vline(x=zero, line={"color": colours.quiet, "width": 1, "dash": "dot"})
    hues = {1: colours.worse, -1: colours.better, 0: colours.zero_shot}
    _distances(figure, known, hues)
    figure.add_scatter(
        **chance_marks(
            [(row.low + row.high) / 2 for _, row, _ in known],
            [row.name for _, row, _ in known],
            colours,
            spread=[(row.high - row.low) / 2 for _, row, _ in known],
        )
    )
    _dots(figure, known, span, hues)
    for frame in row_frames(names, chosen, colours):
        figure.add_shape(frame)
    return figure


def _distances(figure: go.Figure, known: Sequence[_Known], hues: Mapping[int, str]) -> None:
    """Strokes from chance to the value of each row."""
    for number, row, value in known:
        figure.add_shape(
            name="distance",
            type="line",
            x0=(row.low + row.high) / 2,
            x1=value,
            # Names of blocks are numbers, which a shape would take for positions.
            y0=number,
            y1=number,
            line={"color": hues[row.side], "width": 2},
            opacity=0.55,
        )


def _dots(
    figure: go.Figure, known: Sequence[_Known], span: tuple[float, float], hues: Mapping[int, str]
) -> None:
    inset = 0.015 * (span[1] - span[0])  # so that a triangle does not cover the row's name
    figure.add_scatter(
        name="observed",
        x=[_within(value, span, inset) for _, _, value in known],
        y=[row.name for _, row, _ in known],
        mode="markers",
        marker={
            "size": 10,
            "color": [hues[row.side] for _, row, _ in known],
            "symbol": [_symbol(value, span) for _, _, value in known],
        },
        hovertext=[row.hover for _, row, _ in known],
        hoverinfo="text",
        **as_unclicked(),
    )


def _span(rows: Sequence[ChanceRow], zero: float | None) -> tuple[float, float]:
    widths = sorted(row.high - row.low for row in rows)
    widest = _WIDE * widths[len(widths) // 2] if widths else 0.0
    ends = [
        end
        for row in rows
        if row.high - row.low <= widest
        for end in (row.value, row.low, row.high)
        if end is not None
    ]
    ends += [] if zero is None else [zero]
    low, high = min(ends, default=0.0), max(ends, default=1.0)
    room = 0.06 * (high - low) or 0.05
    return low - room, high + room


def _within(value: float, span: tuple[float, float], inset: float) -> float:
    if span[0] <= value <= span[1]:
        return value
    return span[0] + inset if value < span[0] else span[1] - inset


def _symbol(value: float, span: tuple[float, float]) -> str:
    if span[0] <= value <= span[1]:
        return "circle"
    return "triangle-left-open" if value < span[0] else "triangle-right-open"
