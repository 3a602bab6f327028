"""A matrix as coloured cells that can be clicked: rows of layers, columns of tasks, or tasks by tasks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import name_axis, row_axis
from app.figures.clicks import click_targets
from app.figures.contrast import between, readable_on, stops
from app.figures.focus import chosen_frame
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette

_NUMBERS = 76
"""Characters of a row's numbers up to which they fit into half a window."""

_ROWS = 30
"""Rows up to which numbers are written."""

_NAMES = 60
"""Characters of the columns' names, if all were as long as the longest, up to which they stand upright."""

_STROKES = 32
"""Hatching strokes in a row of cells, so that they are about as steep however many columns there are."""

_REACH, _NUMBER = 0.45, 0.26
"""How far strokes reach from the middle of a cell, and how far its number does, in heights of a row."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What a heat map shows."""

    rows: Sequence[str]
    """From top to bottom."""
    columns: Sequence[str]
    values: Sequence[Sequence[float | None]]
    """(rows, columns); None where there is no value."""
    text: Sequence[Sequence[str]] | None = None
    """What is written into the cells; drawn when it fits."""
    hover: Sequence[Sequence[str]] | None = None
    """Text of a cell under the mouse; what is written into it by default."""
    hatched: Sequence[Sequence[bool]] | None = None
    """Cells that mean less than their colour suggests, such as an interval that holds 0; cells without a
    value by default."""


def draw_heat_map(
    cells: Cells,
    colours: Palette,
    *,
    low: float,
    high: float,
    is_diverging: bool = False,
    chosen: tuple[str | None, str | None] = (None, None),
    is_square: bool = False,
    unit: str = "",
    height: int | None = None,
    colour_bar: bool = True,
    breaks: Sequence[int] = (),
) -> go.Figure:
    """Draw the cells; a click on one gives its row as y and its column as x.

    Args:
        cells: What is shown.
        colours: The theme's.
        low: Value of the palest colour, or of the one end of a diverging scale.
        high: Value of the fullest colour, and of all above it; of a diverging scale −low, so that 0 is
            its middle.
        is_diverging: Whether values lie on both sides of 0.
        chosen: Row and column that are framed; None frames nothing, a row alone a whole row.
        is_square: Whether rows and columns are the same, and the pair's other cell is framed as well.
        unit: Title of the colour bar.
        height: Pixels; by default enough for the rows.
        colour_bar: Whether the scale is drawn beside the cells.
        breaks: Rows below which a gap sets apart what follows.
    """
    rows, columns = list(cells.rows), list(cells.columns)
    scale = colours.diverging if is_diverging else colours.sequential
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=height or 60 + max(18, min(30, 500 // max(len(rows), 1))) * len(rows),
            xaxis=name_axis(columns, colours, {chosen[1]}, tickangle=_angle(colours.called(columns))),
            yaxis=row_axis(rows, colours, {chosen[0]}),
            # However large the cells are, a click belongs to the nearest middle.
            hoverdistance=-1,
        )
    )
    figure.add_heatmap(
        **_coloured(cells, scale, low, high),
        showscale=colour_bar,
        colorbar=_colour_bar(cells, colours, high, unit),
    )
    _write(figure, cells, low, high, scale, colours)
    _hatch(figure, cells, colours)
    _break(figure, cells, colours, breaks)
    _targets(figure, cells)
    _frame(figure, cells, colours, chosen)
    if is_square:
        _frame(figure, cells, colours, (chosen[1], chosen[0]))
    return figure


heat_map = built_once(draw_heat_map)
"""The same for a card, which shows it as it is; a figure that draws more upon it makes its own."""


def _angle(names: list[str]) -> int:
    return 0 if len(names) * max(map(len, names), default=0) <= _NAMES else -45


def _coloured(cells: Cells, scale: Sequence[str], low: float, high: float) -> dict[str, Any]:
    return {
        "z": [list(row) for row in cells.values],
        "x": list(cells.columns),
        "y": list(cells.rows),
        "zmin": low,
        "zmax": high,
        "colorscale": stops(scale),
        "xgap": 1.5,
        "ygap": 1.5,
        "hoverinfo": "skip",
    }


def _colour_bar(cells: Cells, colours: Palette, high: float, unit: str) -> dict[str, object]:
    bar: dict[str, object] = {
        "title": {"text": unit, "side": "right", "font": {"size": 11, "color": colours.quiet}},
        "thickness": 9,
        "outlinewidth": 0,
        "tickfont": {"size": 11, "color": colours.quiet},
        "len": 1.0,
        "nticks": 6,
    }
    if any(value is not None and value > high for row in cells.values for value in row):
        bar |= {"tickmode": "array", "tickvals": [0.0, high / 2, high]}
        bar |= {"ticktext": ["0", f"{high / 2:.2g}", f"≥ {high:.2g}"]}
    return bar


def _write(
    figure: go.Figure, cells: Cells, low: float, high: float, scale: Sequence[str], colours: Palette
) -> None:
    """Numbers in the cells, each in the colour that is read best there: Plotly's own choice fails."""
    if cells.text is None or not _have_room(cells):
        return
    span = (high - low) or 1.0
    written = [
        (r, c, readable_on(between(scale, (value - low) / span), colours.text))
        for r, c, value in _cells(cells)
        if value is not None
    ]
    figure.add_scatter(
        name="numbers",
        x=[cells.columns[c] for _, c, _ in written],
        y=[cells.rows[r] for r, _, _ in written],
        mode="text",
        text=[cells.text[r][c] for r, c, _ in written],
        textfont={"size": 11, "color": [colour for _, _, colour in written]},
        hoverinfo="skip",
    )


def _have_room(cells: Cells) -> bool:
    """Whether the cells' texts are drawn."""
    if cells.text is None or len(cells.rows) > _ROWS:
        return False
    longest = max((len(text) for row in cells.text for text in row), default=0)
    return len(cells.columns) * (longest + 1) <= _NUMBERS


def _hatch(figure: go.Figure, cells: Cells, colours: Palette) -> None:
    # On an axis of names a shape's numbers count the names from 0; a cell reaches half a step to each side.
    n = max(2, round(_STROKES / max(len(cells.columns), 1)))
    # A number is not struck through: the strokes run above and below it.
    parts = ((_REACH, _NUMBER), (-_NUMBER, -_REACH)) if _have_room(cells) else ((_REACH, -_REACH),)
    strokes = [
        f"M {c - 0.5 + (stroke + (_REACH - low) / (2 * _REACH)) / n:g} {r + low:g} "
        f"L {c - 0.5 + (stroke + (_REACH - high) / (2 * _REACH)) / n:g} {r + high:g}"
        for r, c, value in _cells(cells)
        if (value is None if cells.hatched is None else cells.hatched[r][c])
        for stroke in range(n)
        for low, high in parts
    ]
    if strokes:
        line = {"color": colours.quiet, "width": 1}
        figure.add_shape(name="hatching", type="path", path=" ".join(strokes), line=line, opacity=0.55)


def _break(figure: go.Figure, cells: Cells, colours: Palette, breaks: Sequence[int]) -> None:
    for row in breaks:
        at = {"y0": row + 0.5, "y1": row + 0.5, "x0": -0.5, "x1": len(cells.columns) - 0.5}
        figure.add_shape(type="line", layer="above", line={"color": colours.paper, "width": 4}, **at)


def _targets(figure: go.Figure, cells: Cells) -> None:
    """Invisible marks that take hover and click, which a heat map does not report."""
    texts = cells.hover or cells.text
    at = [(r, c) for r, c, _ in _cells(cells)]
    hover = {} if texts is None else {"hovertext": [texts[r][c] for r, c in at], "hoverinfo": "text"}
    targets = click_targets(
        [cells.columns[c] for _, c in at], [cells.rows[r] for r, _ in at], size=16, symbol="square", **hover
    )
    figure.add_scatter(name="cells", **targets)


def _frame(figure: go.Figure, cells: Cells, colours: Palette, chosen: tuple[str | None, str | None]) -> None:
    y, x = _position(cells.rows, chosen[0]), _position(cells.columns, chosen[1])
    if y is None and x is None:
        return
    across = (-0.5, len(cells.columns) - 0.5) if x is None else (x - 0.5, x + 0.5)
    down = (-0.5, len(cells.rows) - 0.5) if y is None else (y - 0.5, y + 0.5)
    figure.add_shape(chosen_frame(across, down, colours))


def _position(names: Sequence[str], name: str | None) -> int | None:
    return None if name is None or name not in names else list(names).index(name)


def _cells(cells: Cells) -> Iterator[tuple[int, int, float | None]]:
    for r, row in enumerate(cells.values):
        for c, value in enumerate(row):
            yield r, c, value
