"""Mean accuracy along a coefficient, kinds of scale side by side, each with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.palette import Palette

_APART = 0.09
"""Steps between the intervals of two kinds at one position, so that each can be seen."""


@dataclass(frozen=True, slots=True)
class SweepLine:
    """One kind of scale; accuracies 0 … 1."""

    word: str
    """What a click on it tells, before the position."""
    name: str
    x: Sequence[float]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def sweep_lines(
    lines: Sequence[SweepLine],
    colours: Palette,
    *,
    label: str,
    best: float | None = None,
    alike: Sequence[float] = (),
    best_name: str = "best",
    marked: float | None = None,
    chosen: tuple[str, float] | None = None,
) -> go.Figure:
    """Draw the lines; a click on a point tells its word and position, as in "lines~0.5".

    Args:
        lines: The first is the one in question, drawn full; the second, a null, in ink; the third in the
            colour of a baseline.
        colours: The theme's.
        label: What the horizontal axis says.
        best: Position of the first line's best point.
        alike: Positions that are not told from it, best included.
        best_name: What is written there.
        marked: Position of what is set elsewhere on the page.
        chosen: Word and position that are framed.
    """
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=330,
            margin={"l": 8, "r": 12, "t": 26, "b": 8},
            xaxis=plain_axis(
                colours,
                showgrid=False,
                title={"text": label, "font": {"size": 12, "color": colours.quiet}, "standoff": 4},
            ),
            yaxis=plain_axis(colours, tickformat=".0%", nticks=6),
        )
    )
    step = _step([x for line in lines for x in line.x])
    if len(alike) > 1:
        figure.add_vrect(
            x0=min(alike) - step / 3,
            x1=max(alike) + step / 3,
            fillcolor=colours.track,
            opacity=0.6,
            line_width=0,
            layer="below",
        )
    if marked is not None:
        figure.add_vline(x=marked, line={"color": colours.quiet, "dash": "dot", "width": 1})
    styles = (
        (colours.merge, "solid", "circle", 8),
        (colours.ink, "dot", "line-ew-open", 10),
        (colours.pinned, "solid", "diamond-open", 8),
    )
    for k, (line, (colour, dash, symbol, size)) in enumerate(zip(lines, styles, strict=False)):
        figure.add_scatter(
            name=line.word,
            x=[x + (k - 1) * _APART * step for x in line.x],
            y=list(line.mean),
            error_y={
                "array": [high - mean for high, mean in zip(line.high, line.mean, strict=True)],
                "arrayminus": [mean - low for low, mean in zip(line.low, line.mean, strict=True)],
                "thickness": 1,
                "width": 0,
                "color": colour,
            },
            mode="lines+markers",
            line={"width": 2, "dash": dash, "color": colour},
            marker={
                "size": [size + 5 if (line.word, x) == chosen else size for x in line.x],
                "symbol": symbol,
                "line": {"width": 2, "color": colour},
            },
            customdata=[f"{line.word}~{x:g}" for x in line.x],
            hovertext=[
                f"{line.name} at {x:g}: {mean:.1%} ({low:.1%} to {high:.1%})"
                for x, mean, low, high in zip(line.x, line.mean, line.low, line.high, strict=True)
            ],
            hoverinfo="text",
        )
    if best is not None and lines and best in lines[0].x:
        figure.add_annotation(
            x=best - _APART * step,
            y=lines[0].high[list(lines[0].x).index(best)],
            text=best_name,
            showarrow=False,
            yshift=10,
            font={"size": 12, "color": colours.ink},
        )
    return figure


def _step(positions: Sequence[float]) -> float:
    """The smallest distance of two positions; 1 without two."""
    found = sorted(set(positions))
    return min((b - a for a, b in pairwise(found)), default=1.0)
