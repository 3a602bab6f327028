"""Weights by how many masks keep them: bars beside their null, and under each what the count hides."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.contrast import between, readable_on
from app.figures.layout import plain_layout
from app.figures.palette import Palette

_ROW = 40
"""Pixels of a row of cells."""

_WRITTEN = 13
"""Bars up to which cells have numbers."""

_PALEST = 0.22
"""Where on the sequential scale the colour of two masks lies."""


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


def count_colours(n_tasks: int, colours: Palette) -> list[str]:
    """A colour for each number of masks: brown for none, orange for one, then a blue ramp, (T + 1)."""
    more = n_tasks - 1
    ramp = [
        between(colours.sequential, _PALEST + (1 - _PALEST) * step / max(more - 1, 1)) for step in range(more)
    ]
    return [colours.catastrophic, colours.selfish, *ramp]


def mask_counts(bars: Sequence[CountBar], rows: Sequence[CountRow], colours: Palette) -> go.Figure:
    """Draw the bars over the cells.

    Args:
        bars: For 0 … T masks.
        rows: Of as many cells, from top to bottom.
        colours: The theme's.
    """
    counts = list(range(len(bars)))
    cells = _ROW * len(rows)
    height = 250 + cells
    top = max((bar.share + 0.0 for bar in bars), default=0.0)
    top = max([top, *((bar.by_chance or 0.0) + bar.spread for bar in bars)])
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=height,
            margin={"l": 8, "r": 8, "t": 14, "b": 6},
            bargap=0.28,
            xaxis=plain_axis(
                colours,
                range=[-0.6, len(bars) - 0.4],
                tickvals=counts,
                showgrid=False,
                anchor="y",
                side="bottom",
                title={"text": "masks that keep a weight", "font": {"size": 12, "color": colours.quiet}},
            ),
            yaxis=plain_axis(
                colours,
                domain=[(cells + 62) / (height - 20), 1.0],
                range=[0.0, 1.12 * top or 1.0],
                tickformat=".0%",
                nticks=6,
            ),
            yaxis2=plain_axis(
                colours,
                domain=[0.0, cells / (height - 20)],
                anchor="x",
                range=[len(rows) - 0.5, -0.5],
                showgrid=False,
                tickvals=list(range(len(rows))),
                ticktext=[row.name for row in rows],
            ),
        )
    )
    figure.add_bar(
        name="share",
        x=counts,
        y=[bar.share for bar in bars],
        marker={"color": count_colours(len(bars) - 1, colours)},
        hovertext=[bar.hover for bar in bars],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    _write_shares(figure, bars, colours)
    _null(figure, bars, colours)
    _cells(figure, rows, colours)
    return figure


def _write_shares(figure: go.Figure, bars: Sequence[CountBar], colours: Palette) -> None:
    """The number over each bar, above the mark of the null where that is higher."""
    if len(bars) > _WRITTEN:
        return
    figure.add_scatter(
        name="numbers",
        x=list(range(len(bars))),
        y=[max(bar.share, (bar.by_chance or 0.0) + bar.spread) for bar in bars],
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
        name="null",
        x=[count for count, _ in known],
        y=[bar.by_chance for _, bar in known],
        mode="markers",
        marker={"size": 1, "color": colours.ink},
        error_y={"array": [bar.spread for _, bar in known], "color": colours.ink, "thickness": 1, "width": 4},
        hoverinfo="skip",
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
        colorscale=[(step / (len(scale) - 1), colour) for step, colour in enumerate(scale)],
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
                "color": readable_on(between(scale, value / PALE), (colours.ink, colours.paper)),
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
