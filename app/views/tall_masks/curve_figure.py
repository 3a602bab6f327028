"""Shares of weights over λ: catastrophic, selfish, shared and universal, each beside its null."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.palette import Palette

_APART = 0.075
"""Least distance of two labels, as a share of the axis."""


@dataclass(frozen=True, slots=True)
class Line:
    """One group of weights."""

    label: str
    colour: str
    values: Sequence[float]
    by_chance: Sequence[float] | None = None


def mask_lines(
    stops: Sequence[float], lines: Sequence[Line], colours: Palette, *, marked: Mapping[str, float]
) -> go.Figure:
    """Draw the lines, labelled where they end.

    Args:
        stops: λ, ascending, (N,).
        lines: Shares in [0, 1], (N,) each.
        colours: The theme's.
        marked: λ with a line of their own, by what is written there.
    """
    top = max((max(line.values) for line in lines), default=1.0)
    top = max([top, *(max(line.by_chance) for line in lines if line.by_chance is not None)]) * 1.06
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=300,
            margin={"l": 8, "r": 112, "t": 22, "b": 40},
            hovermode="x unified",
            xaxis=plain_axis(
                colours,
                range=[stops[0], stops[-1]],
                showgrid=False,
                nticks=8,
                title={"text": "λ", "font": {"size": 12, "color": colours.quiet}, "standoff": 4},
            ),
            yaxis=plain_axis(colours, range=[0.0, top], tickformat=".0%", nticks=6),
        )
    )
    for line in lines:
        if line.by_chance is not None:
            figure.add_scatter(
                name=f"{line.label}, random signs",
                x=list(stops),
                y=list(line.by_chance),
                mode="lines",
                line={"width": 1.3, "color": colours.ink, "dash": "dot"},
                opacity=0.75,
                hovertemplate="%{y:.1%}",
            )
        figure.add_scatter(
            name=line.label,
            x=list(stops),
            y=list(line.values),
            mode="lines",
            line={"width": 2.5, "color": line.colour},
            hovertemplate="%{y:.1%}",
        )
    ends = _spread([line.values[-1] / top for line in lines])
    for line, end in zip(lines, ends, strict=True):
        figure.add_annotation(
            text=line.label,
            x=1.01,
            xref="paper",
            xanchor="left",
            y=end,
            yref="paper",
            yanchor="middle",
            showarrow=False,
            font={"size": 12, "color": line.colour},
        )
    for name, at in marked.items():
        if stops[0] <= at <= stops[-1]:
            figure.add_vline(x=at, line={"color": colours.merge, "width": 1.5})
            figure.add_annotation(
                text=name,
                x=at,
                y=1.0,
                yref="paper",
                yanchor="bottom",
                showarrow=False,
                font={"size": 12, "color": colours.merge},
            )
    return figure


def _spread(wanted: Sequence[float]) -> list[float]:
    """Heights of labels, in [0, 1] where they fit, as near to the wanted ones as lines of text allow."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed = list(wanted)
    for below, above in pairwise(order):
        placed[above] = max(placed[above], placed[below] + _APART)
    highest = 1.0
    for index in reversed(order):
        placed[index] = min(placed[index], highest)
        highest = placed[index] - _APART
    return placed
