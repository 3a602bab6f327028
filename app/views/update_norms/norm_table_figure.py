"""Norms as a heat map with profiles: each row's norm at its side, each column's above."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.clicks import as_unclicked
from app.figures.contrast import readable_on
from app.figures.heat_map import Cells, draw_heat_map
from app.figures.once import built_once
from app.figures.palette import Palette

_SIDE = 0.84
"""Share of the width that the cells take, where there is a profile beside them."""

_TOP = 56
"""Pixels of the profile above the cells."""

_WRITTEN = 12
"""Columns up to which numbers are written onto their profile."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Norms along one side of the heat map, in its unit."""

    values: Sequence[float | None]
    text: Sequence[str]


@built_once
def norm_table_figure(
    cells: Cells,
    colours: Palette,
    *,
    high: float,
    unit: str,
    by_row: Profile | None,
    by_column: Profile,
    is_diverging: bool = False,
    chosen: tuple[str | None, str | None] = (None, None),
    breaks: Sequence[int] = (),
) -> go.Figure:
    """Draw the heat map; a click on a bar gives its row as y or its column as x, a click on a cell both.

    Args:
        cells: Norms in their unit.
        colours: The theme's.
        high: Norm of the fullest colour, > 0.
        unit: What the cells count.
        by_row: Norm of each row; None where rows cannot be compared.
        by_column: Norm of each column.
        is_diverging: Whether norms are differences from a mean, which is 0.
        chosen: Row and column that are framed.
        breaks: Rows below which a gap sets apart what follows.
    """
    n = len(cells.rows)
    height = _TOP + 50 + max(18, min(26, 420 // max(n, 1))) * n
    figure = draw_heat_map(
        cells,
        colours,
        low=-high if is_diverging else 0.0,
        high=high,
        is_diverging=is_diverging,
        chosen=chosen,
        unit=unit,
        breaks=breaks,
        height=height,
    )
    side, top = 1.0 if by_row is None else _SIDE, 1 - _TOP / height
    figure.update_layout(
        bargap=0.28,
        uniformtext={"minsize": 10, "mode": "show"},
        xaxis={"domain": (0.0, side)},
        yaxis={"domain": (0.0, top)},
        yaxis2=_axis(colours, by_column, anchor="x", domain=(top + 0.01, 1.0)),
    )
    _add_columns(figure, cells.columns, by_column, chosen[1], colours)
    if by_row is not None:
        figure.update_layout(xaxis2=_axis(colours, by_row, anchor="y", domain=(side + 0.01, 1.0)))
        _add_rows(figure, cells.rows, by_row, chosen[0], colours)
    return figure


def _add_columns(
    figure: go.Figure, columns: Sequence[str], profile: Profile, chosen: str | None, colours: Palette
) -> None:
    bars = _bars(columns, profile, chosen, colours, is_written=len(columns) <= _WRITTEN)
    figure.add_bar(name="by column", x=list(columns), y=list(profile.values), yaxis="y2", **bars)


def _add_rows(
    figure: go.Figure, rows: Sequence[str], profile: Profile, chosen: str | None, colours: Palette
) -> None:
    bars = _bars(rows, profile, chosen, colours, is_written=True)
    figure.add_bar(name="by row", x=list(profile.values), y=list(rows), xaxis="x2", orientation="h", **bars)


def _axis(colours: Palette, profile: Profile, **changes: Any) -> dict[str, Any]:
    known = [0.0, *(value for value in profile.values if value is not None)]
    room = 0.35 * (max(known) - min(known))  # for the numbers of bars below 0
    low = min(known) - room if min(known) < 0 else 0.0
    ends = [low, max(known) + (room if low < 0 else 0.0) or 1.0]
    return plain_axis(colours, showgrid=False, showticklabels=False, range=ends, **changes)


def _bars(
    names: Sequence[str], profile: Profile, chosen: str | None, colours: Palette, *, is_written: bool
) -> dict[str, Any]:
    hues = [colours.merge if name == chosen else colours.sequential[1] for name in names]
    return {
        "marker": {"color": hues},
        "text": list(profile.text) if is_written else None,
        "textposition": "auto",
        "textangle": 0,
        "textfont": {"size": 10},
        "insidetextfont": {"color": [readable_on(hue, colours.text) for hue in hues]},
        "outsidetextfont": {"color": colours.ink},
        "cliponaxis": False,
        "hovertext": [f"{name}, all: {text}" for name, text in zip(names, profile.text, strict=True)],
        "hoverinfo": "text",
        **as_unclicked(),
    }
