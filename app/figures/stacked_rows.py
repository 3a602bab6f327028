"""Parts of each row as one bar, side by side."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis, row_axis, row_pixels
from app.figures.chance import chance_marks
from app.figures.clicks import as_unclicked
from app.figures.contrast import readable_on
from app.figures.focus import row_frames
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette

_NULL_PARTS = 2
"""Parts whose ends under the null are marked; more marks would show less."""

_WRITTEN = 0.045
"""Share from which a part has room for its number."""

_READABLE = 17
"""Pixels of a row from which numbers fit into it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of every row."""

    name: str
    colour: str


@built_once
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
                title=axis_title(of_what, colours),
            ),
            yaxis=row_axis(rows, colours, chosen),
            shapes=row_frames(rows, chosen, colours),
        )
    )
    for number, part in enumerate(parts):
        _part(figure, rows, [row[number] for row in shares], part, colours, is_written=pixels >= _READABLE)
    if null is not None:
        _null(figure, rows, null, parts, colours)
    return figure


def _part(
    figure: go.Figure,
    rows: Sequence[str],
    shares: Sequence[float | None],
    part: Part,
    colours: Palette,
    *,
    is_written: bool,
) -> None:
    figure.add_bar(
        name=part.name,
        x=list(shares),
        y=list(rows),
        orientation="h",
        marker={"color": part.colour},
        text=[f"{100 * v:.0f}" if is_written and v is not None and v >= _WRITTEN else "" for v in shares],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"size": 11, "color": readable_on(part.colour, colours.text)},
        hovertemplate=f"%{{y}}: {part.name} %{{x:.1%}}<extra></extra>",
        **as_unclicked(),
    )


def _null(
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
        **chance_marks(
            [end for *_, end in ends],
            [row for row, *_ in ends],
            colours,
            customdata=[[name, value] for _, name, value, _ in ends],
            hoverinfo=None,
            hovertemplate="%{y}: random signs, %{customdata[0]} %{customdata[1]:.1%}<extra></extra>",
        )
    )
