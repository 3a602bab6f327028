"""Mean accuracy along a coefficient, kinds of scale side by side, each with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.intervals import interval
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette

_APART = 0.09
"""Steps between the intervals of two kinds at one position, so that each can be seen."""


@dataclass(frozen=True, slots=True)
class SweepCurve:
    """One kind of scale; accuracies 0 … 1."""

    word: str
    """What a click on it gives, before the position."""
    x: Sequence[float]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]
    hover: Sequence[str]


@built_once
def sweep_figure(
    curves: Sequence[SweepCurve],
    colours: Palette,
    *,
    label: str,
    best: float | None = None,
    alike: Sequence[float] = (),
    best_name: str = "best",
    marked: float | None = None,
    chosen: tuple[str, float] | None = None,
    level: float | None = None,
) -> go.Figure:
    """Draw the curves; a click on a point gives its word and position, as in "lines~0.5".

    Args:
        curves: The first is the one in question, drawn full; the second, a null, in ink; the third in the
            colour of a baseline.
        colours: The theme's.
        label: Title of the horizontal axis.
        best: Position of the first curve's best point.
        alike: Positions without a significant difference from it, best included.
        best_name: What is written there.
        marked: Position of what is set elsewhere on the page.
        chosen: Word and position that are framed.
        level: Accuracy of what has no position here, drawn across.
    """
    figure = go.Figure(layout=_layout(label, colours))
    step = _step([x for curve in curves for x in curve.x])
    if len(alike) > 1:
        ends = {"x0": min(alike) - step / 3, "x1": max(alike) + step / 3}
        figure.add_vrect(fillcolor=colours.track, opacity=0.6, line_width=0, layer="below", **ends)
    if marked is not None:
        figure.add_vline(x=marked, line={"color": colours.quiet, "dash": "dot", "width": 1})
    if level is not None:
        figure.add_hline(y=level, line={"color": colours.ink, "dash": "dash", "width": 1}, layer="below")
    styles = (
        _Style(colours.merge, "solid", "circle", 8),
        _Style(colours.ink, "dot", "line-ew-open", 10),
        _Style(colours.pinned, "solid", "diamond-open", 8),
    )
    for k, (curve, style) in enumerate(zip(curves, styles, strict=False)):
        _draw(figure, curve, style, (k - 1) * _APART * step, chosen)
    if best is not None and curves and best in curves[0].x:
        figure.add_annotation(
            x=best - _APART * step,
            y=curves[0].high[list(curves[0].x).index(best)],
            text=best_name,
            showarrow=False,
            yshift=10,
            font={"size": 12, "color": colours.ink},
        )
    return figure


def _layout(label: str, colours: Palette) -> dict[str, Any]:
    return plain_layout(
        colours,
        height=330,
        margin={"l": 8, "r": 12, "t": 26, "b": 8},
        xaxis=plain_axis(colours, showgrid=False, title=axis_title(label, colours)),
        yaxis=plain_axis(colours, tickformat=".0%", nticks=6),
    )


class _Style(NamedTuple):
    colour: str
    dash: str
    symbol: str
    size: int


def _draw(
    figure: go.Figure, curve: SweepCurve, style: _Style, shift: float, chosen: tuple[str, float] | None
) -> None:
    figure.add_scatter(
        name=curve.word,
        x=[x + shift for x in curve.x],
        y=list(curve.mean),
        error_y=interval(curve.mean, curve.low, curve.high, style.colour, thickness=1),
        mode="lines+markers",
        line={"width": 2, "dash": style.dash, "color": style.colour},
        marker={
            "size": [style.size + 5 if (curve.word, x) == chosen else style.size for x in curve.x],
            "symbol": style.symbol,
            "line": {"width": 2, "color": style.colour},
        },
        customdata=[f"{curve.word}~{x:g}" for x in curve.x],
        hovertext=list(curve.hover),
        hoverinfo="text",
    )


def _step(positions: Sequence[float]) -> float:
    """The smallest distance of two positions; 1 without two."""
    found = sorted(set(positions))
    return min((b - a for a, b in pairwise(found)), default=1.0)
