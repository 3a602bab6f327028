"""Mean accuracy along a coefficient, several kinds of scale side by side, each with its interval."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.figures.palette import Palette, plain_axis, plain_layout


@dataclass(frozen=True, slots=True)
class SweepLine:
    """One kind of scale; accuracies 0 … 1."""

    name: str
    x: Sequence[float]
    mean: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


def sweep_lines(
    lines: Sequence[SweepLine], colours: Palette, *, label: str, best: float | None, alike: Sequence[float]
) -> go.Figure:
    """Draw the lines; a click on a point tells its kind and position as customdata.

    Args:
        lines: The first is the one in question, drawn full; the others are what it is compared with.
        colours: The theme's.
        label: What the horizontal axis says.
        best: Position of the first line's best point.
        alike: Positions that are not told from it, best included.
    """
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=320,
            margin={"l": 8, "r": 8, "t": 8, "b": 40},
            showlegend=True,
            legend={"orientation": "h", "y": 1.12, "font": {"size": 12}},
            xaxis=plain_axis(
                colours,
                showgrid=False,
                title={"text": label, "font": {"size": 12, "color": colours.quiet}, "standoff": 4},
            ),
            yaxis=plain_axis(colours, tickformat=".0%", nticks=6),
        )
    )
    if len(alike) > 1:
        figure.add_vrect(x0=min(alike), x1=max(alike), fillcolor=colours.track, opacity=0.5, line_width=0)
    styles = (
        (colours.merge, "solid", "circle"),
        (colours.ink, "dot", "square"),
        (colours.pinned, "dash", "x"),
    )
    for line, (colour, dash, symbol) in zip(lines, styles, strict=False):
        figure.add_scatter(
            name=line.name,
            x=list(line.x),
            y=list(line.mean),
            error_y={
                "array": [high - mean for high, mean in zip(line.high, line.mean, strict=True)],
                "arrayminus": [mean - low for low, mean in zip(line.low, line.mean, strict=True)],
                "thickness": 1,
                "width": 2,
                "color": colour,
            },
            mode="lines+markers",
            line={"width": 2, "dash": dash, "color": colour},
            marker={"size": 7, "symbol": symbol},
            customdata=[[line.name, x] for x in line.x],
            hovertemplate=f"{line.name}, %{{x:g}}: %{{y:.1%}}<extra></extra>",
        )
    if best is not None and lines:
        at = list(lines[0].x).index(best)
        figure.add_annotation(
            x=best, y=lines[0].mean[at], text="best", showarrow=True, arrowhead=0, ay=-26,
            font={"size": 12, "color": colours.ink},
        )  # fmt: skip
    return figure
