"""What each row consists of: one bar a row, its parts side by side."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.contrast import readable_on
from app.figures.layout import plain_layout
from app.figures.palette import Palette

_NULL_PARTS = 2
"""Parts whose ends under the null are marked; more marks would say less."""

_WRITTEN = 0.045
"""Share from which a part has room for its number."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of every row."""

    name: str
    colour: str


def stacked_rows(
    rows: Sequence[str],
    shares: Sequence[Sequence[float | None]],
    parts: Sequence[Part],
    colours: Palette,
    *,
    of_what: str,
    null: Sequence[Sequence[float | None]] | None = None,
    chosen: Collection[str] = (),
    row_height: int | None = None,
) -> go.Figure:
    """Draw the rows; a click gives the row as y.

    Args:
        rows: From the top, (R,).
        shares: Each in [0, 1], (R, parts); None where a row has nothing to share.
        parts: From left to right.
        colours: The theme's.
        of_what: What the shares are of, under the axis.
        null: Shares under the null, (R, parts): a mark where each of the first parts would end.
        chosen: Rows that are framed.
        row_height: Pixels; by default what fits.
    """
    pixels = row_height or row_pixels(len(rows))
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=62 + pixels * len(rows),
            barmode="stack",
            bargap=0.16,
            margin={"l": 8, "r": 24, "t": 4, "b": 40},
            xaxis=plain_axis(
                colours,
                range=[0.0, 1.0],
                tickformat=".0%",
                showgrid=False,
                nticks=6,
                title={"text": of_what, "font": {"size": 12, "color": colours.quiet}, "standoff": 6},
            ),
            yaxis=row_axis(rows, colours, chosen),
        )
    )
    for number, part in enumerate(parts):
        values = [row[number] for row in shares]
        figure.add_bar(
            name=part.name,
            x=values,
            y=list(rows),
            orientation="h",
            marker={"color": part.colour},
            text=["" if v is None or v < _WRITTEN or pixels < 17 else f"{100 * v:.0f}" for v in values],
            textposition="inside",
            insidetextanchor="middle",
            textangle=0,
            textfont={"size": 11, "color": readable_on(part.colour, (colours.ink, colours.paper))},
            selected={"marker": {"opacity": 1.0}},
            unselected={"marker": {"opacity": 1.0}},
            hovertemplate=f"%{{y}}: {part.name} %{{x:.1%}}<extra></extra>",
        )
    if null is not None:
        _add_null(figure, rows, null, parts, colours)
    add_row_frames(figure, rows, chosen, colours)
    return figure


def _add_null(
    figure: go.Figure,
    rows: Sequence[str],
    null: Sequence[Sequence[float | None]],
    parts: Sequence[Part],
    colours: Palette,
) -> None:
    ends = [
        (row, part.name, value, sum(shares[: number + 1]))
        for row, given in zip(rows, null, strict=True)
        for number, part in enumerate(parts[:_NULL_PARTS])
        if (shares := [one or 0.0 for one in given]) and (value := given[number]) is not None
    ]
    figure.add_scatter(
        name="null",
        x=[end for *_, end in ends],
        y=[row for row, *_ in ends],
        customdata=[[name, value] for _, name, value, _ in ends],
        mode="markers",
        marker={"symbol": "line-ns", "size": 11, "line": {"width": 2, "color": colours.ink}},
        hovertemplate="%{y}: random signs, %{customdata[0]} %{customdata[1]:.1%}<extra></extra>",
    )


def row_pixels(n_rows: int) -> int:
    """Height of a row, so that charts of the same rows have them at the same height."""
    return max(16, min(24, 420 // max(n_rows, 1)))


def row_axis(rows: Sequence[str], colours: Palette, chosen: Collection[str]) -> dict[str, object]:
    """The axis of the rows' names, the first on top."""
    return plain_axis(
        colours,
        type="category",
        categoryorder="array",
        categoryarray=list(rows),
        range=[len(rows) - 0.5, -0.5],
        showgrid=False,
        tickmode="array",
        tickvals=list(rows),
        ticktext=[f"<b>{row}</b>" if row in chosen else row for row in rows],
        ticklabelstandoff=4,
    )


def add_row_frames(figure: go.Figure, rows: Sequence[str], chosen: Collection[str], colours: Palette) -> None:
    """Frame the chosen rows over the whole width."""
    for row in [row for row, name in enumerate(rows) if name in chosen]:
        figure.add_shape(
            name="chosen",
            type="rect",
            xref="paper",
            x0=0.0,
            x1=1.0,
            y0=row - 0.48,
            y1=row + 0.48,
            line={"color": colours.pinned, "width": 2},
            fillcolor="rgba(0,0,0,0)",
        )
