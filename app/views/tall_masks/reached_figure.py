"""Measured accuracies beside a target: one row per case, with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import inked, plain_axis, row_axis
from app.figures.clicks import as_unclicked
from app.figures.intervals import interval
from app.figures.layout import plain_layout
from app.figures.notes import row_notes, top_note
from app.figures.once import built_once
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


@built_once
def reached_figure(
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
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=_ROW * max(len(rows), 1) + 50,
            margin={"l": 8, "r": 66, "t": 22, "b": 24},
            hoverdistance=-1,
            xaxis=plain_axis(
                colours, range=list(span or value_span(rows, target)), tickformat=".0%", nticks=6
            ),
            yaxis=row_axis(labels, colours, {chosen}, showticklabels=names, tickfont=inked(colours)),
        )
    )
    if target is not None:
        figure.add_vline(x=target, line={"color": colours.ink, "width": 1.5})
        figure.add_annotation(top_note(target_name, target, colours.ink))
    figure.add_scatter(y=labels, **measured_dots(rows, colours), **as_unclicked())
    for note in row_notes(labels, [row.text for row in rows], colours):
        figure.add_annotation(note)
    return figure


def measured_dots(rows: Sequence[Reached], colours: Palette) -> dict[str, Any]:
    """A trace of the rows' values with their intervals, without its rows."""
    values = [row.value for row in rows]
    return {
        "name": "measured",
        "x": values,
        "mode": "markers",
        "marker": {"size": 11, "color": [row.colour or colours.merge for row in rows]},
        "error_x": interval(values, [row.low for row in rows], [row.high for row in rows], colours.quiet),
        "hovertext": [row.hover or row.text for row in rows],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def value_span(rows: Sequence[Reached], target: float | None = None) -> tuple[float, float]:
    """An axis that holds all rows, their intervals, bands and the target, with some room."""
    known = [value for row in rows for value in (row.low, row.high, row.random_low, row.random_high)]
    held = [value for value in (*known, target) if value is not None] or [0.0, 1.0]
    room = 0.05 * max(max(held) - min(held), 0.02)
    return max(0.0, min(held) - room), max(held) + room
