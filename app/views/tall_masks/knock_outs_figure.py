"""Accuracies after removals: two panels with the same rows and axis, random controls as bands."""

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.figures.axes import inked, numbered_row_axis, plain_axis
from app.figures.layout import plain_layout
from app.figures.notes import corner_notes, row_notes
from app.figures.once import built_once
from app.figures.palette import Palette
from app.views.tall_masks.reached_figure import Reached, measured_dots, value_span

_ROW = 36


@built_once
def knock_outs_figure(
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
    figure.update_xaxes(
        plain_axis(colours, range=value_span([*same, *own]), tickformat=".0%", nticks=4), row=1
    )
    figure.update_yaxes(numbered_row_axis(names, colours, tickfont=inked(colours)))
    for column, (rows, title) in enumerate(zip((same, own), titles, strict=True), start=1):
        _panel(figure, rows, title, colours, column)
    return figure


def _panel(figure: go.Figure, rows: Sequence[Reached], title: str, colours: Palette, column: int) -> None:
    numbers, width = list(range(len(rows))), f"x{'' if column == 1 else column} domain"
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
    figure.add_scatter(y=numbers, **measured_dots(rows, colours), row=1, col=column)
    for note in row_notes(numbers, [row.text for row in rows], colours, x=width):
        figure.add_annotation(note | {"yref": f"y{'' if column == 1 else column}"})
    for note in corner_notes(title, "", colours, x=width):
        figure.add_annotation(note)
