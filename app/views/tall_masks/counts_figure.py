"""Shares of weights by how many masks keep them as bars beside their null, over rows of cells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, numbered_row_axis, plain_axis
from app.figures.chance import chance_marks
from app.figures.contrast import between, readable_on, stops
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette
from app.views.tall_masks.count_colours import count_colours

_ROW = 40
"""Pixels of a row of cells."""

_WRITTEN = 13
"""Bars up to which cells have numbers."""

PALE = 2.5
"""Value of the scale's full colour: cells stay in its paler part, where numbers can be read on them."""


@dataclass(frozen=True, slots=True)
class CountBar:
    """One number of masks."""

    share: float
    by_chance: float | None = None
    spread: float = 0.0
    """Half the length of the null's error bar."""
    hover: str = ""


@dataclass(frozen=True, slots=True)
class CountRow:
    """One row of cells under the bars."""

    name: str
    values: Sequence[float | None]
    """Each in [0, 1]; None where there is no weight."""
    text: Sequence[str]
    by_chance: Sequence[str] | None = None
    """Written small below; none by default."""


@built_once
def counts_figure(bars: Sequence[CountBar], rows: Sequence[CountRow], colours: Palette) -> go.Figure:
    """Draw the bars over the cells.

    Args:
        bars: For 0 … T masks.
        rows: Of as many cells, from top to bottom.
        colours: The theme's.
    """
    figure = go.Figure(layout=_layout(bars, rows, colours))
    figure.add_bar(
        name="share",
        x=list(range(len(bars))),
        y=[bar.share for bar in bars],
        marker={"color": count_colours(len(bars) - 1, colours)},
        hovertext=[bar.hover for bar in bars],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    _write_shares(figure, bars, colours)
    _null(figure, bars, colours)
    _cells(figure, rows, colours)
    return figure


def _layout(bars: Sequence[CountBar], rows: Sequence[CountRow], colours: Palette) -> dict[str, Any]:
    cells = _ROW * len(rows)
    height = 250 + cells
    top = max((_top(bar) for bar in bars), default=0.0)
    return plain_layout(
        colours,
        height=height,
        margin={"l": 8, "r": 8, "t": 14, "b": 6},
        bargap=0.28,
        xaxis=plain_axis(
            colours,
            range=[-0.6, len(bars) - 0.4],
            tickvals=list(range(len(bars))),
            showgrid=False,
            anchor="y",
            side="bottom",
            title=axis_title("masks that keep a weight", colours),
        ),
        yaxis=plain_axis(
            colours,
            domain=[(cells + 62) / (height - 20), 1.0],
            range=[0.0, 1.12 * top or 1.0],
            tickformat=".0%",
            nticks=6,
        ),
        yaxis2=numbered_row_axis(
            [row.name for row in rows], colours, domain=[0.0, cells / (height - 20)], anchor="x"
        ),
    )


def _top(bar: CountBar) -> float:
    """Upper end of a bar and of the mark of its null."""
    return max(bar.share, (bar.by_chance or 0.0) + bar.spread)


def _write_shares(figure: go.Figure, bars: Sequence[CountBar], colours: Palette) -> None:
    """The number over each bar, above the mark of the null where that is higher."""
    if len(bars) > _WRITTEN:
        return
    figure.add_scatter(
        name="numbers",
        x=list(range(len(bars))),
        y=[_top(bar) for bar in bars],
        mode="text",
        text=[f"<b>{_percent(bar.share)}</b>" for bar in bars],
        textposition="top center",
        textfont={"size": 12, "color": colours.ink},
        hoverinfo="skip",
    )


def _null(figure: go.Figure, bars: Sequence[CountBar], colours: Palette) -> None:
    known = [(count, bar) for count, bar in enumerate(bars) if bar.by_chance is not None]
    figure.layout.shapes = [
        {
            "name": "null",
            "type": "line",
            "x0": count - 0.44,
            "x1": count + 0.44,
            "y0": bar.by_chance,
            "y1": bar.by_chance,
            "line": {"color": colours.ink, "width": 2},
        }
        for count, bar in known
    ]
    figure.add_scatter(
        **chance_marks(
            [count for count, _ in known],
            [bar.by_chance for _, bar in known],
            colours,
            along="y",
            size=1,  # the shapes above reach over the whole bar, however wide it is
            spread=[bar.spread for _, bar in known],
        )
    )


def _cells(figure: go.Figure, rows: Sequence[CountRow], colours: Palette) -> None:
    scale = colours.sequential
    figure.add_heatmap(
        name="cells",
        x=list(range(len(rows[0].values))),
        y=list(range(len(rows))),
        z=[list(row.values) for row in rows],
        yaxis="y2",
        zmin=0.0,
        zmax=PALE,
        colorscale=stops(scale),
        showscale=False,
        xgap=3,
        ygap=3,
        hoverinfo="skip",
    )
    if len(rows[0].values) > _WRITTEN:
        return
    # All at once: each one added alone would copy those before it.
    figure.layout.annotations = [
        {
            "x": count,
            "y": number,
            "yref": "y2",
            "text": row.text[count] + _small(row, count),
            "showarrow": False,
            "font": {
                "size": 12,
                "color": readable_on(between(scale, value / PALE), colours.text),
            },
        }
        for number, row in enumerate(rows)
        for count, value in enumerate(row.values)
        if value is not None
    ]


def _small(row: CountRow, count: int) -> str:
    if row.by_chance is None or not row.by_chance[count]:
        return ""
    return f'<br><span style="font-size:9.5px">{row.by_chance[count]}</span>'


def _percent(share: float) -> str:
    return f"{100 * share:.0f}" if share >= 0.0995 or share == 0 else f"{100 * share:.1f}"
