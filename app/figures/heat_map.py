"""A matrix as coloured cells that can be clicked: rows of layers, columns of tasks, or tasks by tasks."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.figures.palette import Palette, plain_axis, plain_layout

_READABLE = 120
"""Cells up to which numbers are written into them."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What a heat map shows."""

    rows: Sequence[str]
    """From top to bottom."""
    columns: Sequence[str]
    values: Sequence[Sequence[float | None]]
    """(rows, columns); None where there is no value."""
    text: Sequence[Sequence[str]] | None = None
    """What is written into the cells; drawn when there are few."""
    hover: Sequence[Sequence[str]] | None = None
    """What is said about a cell under the mouse; its text by default."""
    hatched: Sequence[Sequence[bool]] | None = None
    """Cells that say less than their colour: an interval that holds 0, say."""


def heat_map(
    cells: Cells,
    colours: Palette,
    *,
    low: float,
    high: float,
    is_diverging: bool = False,
    chosen: tuple[str | None, str | None] = (None, None),
    unit: str = "",
    height: int | None = None,
    colour_bar: bool = True,
) -> go.Figure:
    """Draw the cells; a click on one gives its row as y and its column as x.

    Args:
        cells: What is shown.
        colours: The theme's.
        low: Value of the palest colour, or of the one end of a diverging scale.
        high: Value of the fullest colour; of a diverging scale −low, so that 0 is its middle.
        is_diverging: Whether values lie on both sides of 0.
        chosen: Row and column that are framed; None frames nothing, a row alone a whole row.
        unit: Title of the colour bar.
        height: Pixels; by default enough for the rows.
        colour_bar: Whether the scale is drawn.
    """
    scale = colours.diverging if is_diverging else colours.sequential
    steps = len(scale) - 1
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=height or 60 + max(18, min(34, 560 // max(len(cells.rows), 1))) * len(cells.rows),
            margin={"l": 8, "r": 8, "t": 8, "b": 8},
            xaxis=plain_axis(colours, type="category", showgrid=False, side="bottom"),
            yaxis=plain_axis(
                colours,
                type="category",
                showgrid=False,
                autorange="reversed",
                tickmode="array",
                tickvals=list(cells.rows),
            ),
        )
    )
    n_cells = len(cells.rows) * len(cells.columns)
    writes = cells.text is not None and n_cells <= _READABLE
    figure.add_heatmap(
        z=[list(row) for row in cells.values],
        x=list(cells.columns),
        y=list(cells.rows),
        zmin=low,
        zmax=high,
        colorscale=[(step / steps, colour) for step, colour in enumerate(scale)],
        showscale=colour_bar,
        colorbar={
            "title": {"text": unit, "side": "right", "font": {"size": 11, "color": colours.quiet}},
            "thickness": 9,
            "outlinewidth": 0,
            "tickfont": {"size": 11, "color": colours.quiet},
            "len": 1.0,
        },
        xgap=1.5,
        ygap=1.5,
        hoverinfo="skip",
    )
    if writes and cells.text is not None:
        _write(figure, cells, colours, low, high, is_diverging)
    if cells.hatched is not None:
        _hatch(figure, cells, colours)
    _targets(figure, cells)
    _frame(figure, cells, colours, chosen)
    return figure


def _write(
    figure: go.Figure, cells: Cells, colours: Palette, low: float, high: float, is_diverging: bool
) -> None:
    """Numbers in the cells, light on full colours: Plotly's own choice fails in the dark theme."""
    span = (high - low) or 1.0
    for r, row in enumerate(cells.rows):
        for c, column in enumerate(cells.columns):
            value = cells.values[r][c]
            if value is None or cells.text is None:
                continue
            share = (value - low) / span
            is_full = abs(share - 0.5) > 0.33 if is_diverging else share > 0.55
            figure.add_annotation(
                x=column,
                y=row,
                text=cells.text[r][c],
                showarrow=False,
                font={"size": 11, "color": colours.paper if is_full else colours.ink},
            )


def _hatch(figure: go.Figure, cells: Cells, colours: Palette) -> None:
    marked = [
        (column, row)
        for r, row in enumerate(cells.rows)
        for c, column in enumerate(cells.columns)
        if cells.hatched is not None and cells.hatched[r][c]
    ]
    if marked:
        figure.add_scatter(
            x=[column for column, _ in marked],
            y=[row for _, row in marked],
            mode="markers",
            marker={"symbol": "line-ne", "size": 12, "line": {"width": 1.2, "color": colours.quiet}},
            hoverinfo="skip",
        )


def _targets(figure: go.Figure, cells: Cells) -> None:
    """Invisible squares that take hover and click, which a heat map does not report."""
    said = cells.hover or cells.text
    at = [(r, c) for r in range(len(cells.rows)) for c in range(len(cells.columns))]
    figure.add_scatter(
        name="cells",
        x=[cells.columns[c] for _, c in at],
        y=[cells.rows[r] for r, _ in at],
        mode="markers",
        marker={"symbol": "square", "size": 22, "opacity": 0.0},
        hovertext=None if said is None else [said[r][c] for r, c in at],
        hoverinfo="none" if said is None else "text",
        selected={"marker": {"opacity": 0.0}},
        unselected={"marker": {"opacity": 0.0}},
    )


def _frame(figure: go.Figure, cells: Cells, colours: Palette, chosen: tuple[str | None, str | None]) -> None:
    row, column = chosen
    if row not in cells.rows and column not in cells.columns:
        return
    line = {"color": colours.pinned, "width": 2}
    y = cells.rows.index(row) if row is not None and row in cells.rows else None
    x = cells.columns.index(column) if column is not None and column in cells.columns else None
    figure.add_shape(
        type="rect",
        x0=-0.5 if x is None else x - 0.5,
        x1=len(cells.columns) - 0.5 if x is None else x + 0.5,
        y0=-0.5 if y is None else y - 0.5,
        y1=len(cells.rows) - 0.5 if y is None else y + 0.5,
        line=line,
        fillcolor="rgba(0,0,0,0)",
    )
