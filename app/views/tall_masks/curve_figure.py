"""Shares of weights over λ: catastrophic, selfish, shared and universal, each beside its null."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.chance import chance_line
from app.figures.layout import plain_layout
from app.figures.notes import row_note, top_note
from app.figures.once import built_once
from app.figures.palette import Palette

_APART = 0.075
"""Least distance of two labels, as a share of the axis."""


@dataclass(frozen=True, slots=True)
class Curve:
    """One group of weights."""

    label: str
    colour: str
    values: Sequence[float]
    by_chance: Sequence[float] | None = None


@built_once
def curve_figure(
    stops: Sequence[float], curves: Sequence[Curve], colours: Palette, *, marked: Mapping[str, float]
) -> go.Figure:
    """Draw the curves, labelled where they end.

    Args:
        stops: λ, ascending, (N,).
        curves: Shares in [0, 1], (N,) each.
        colours: The theme's.
        marked: λ with a vertical line, by what is written there.
    """
    top = 1.06 * max((max([*curve.values, *(curve.by_chance or ())]) for curve in curves), default=1.0)
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
                title=axis_title("λ", colours),
            ),
            yaxis=plain_axis(colours, range=[0.0, top], tickformat=".0%", nticks=6),
        )
    )
    for curve in curves:
        _draw(figure, stops, curve, colours)
    ends = _spread([curve.values[-1] / top for curve in curves])
    for curve, end in zip(curves, ends, strict=True):
        font = {"size": 12, "color": curve.colour}
        figure.add_annotation(row_note(end, curve.label, shift=6, xanchor="left", yref="paper", font=font))
    for name, at in marked.items():
        if stops[0] <= at <= stops[-1]:
            figure.add_vline(x=at, line={"color": colours.merge, "width": 1.5})
            figure.add_annotation(top_note(name, at, colours.merge))
    return figure


def _draw(figure: go.Figure, stops: Sequence[float], curve: Curve, colours: Palette) -> None:
    if curve.by_chance is not None:
        figure.add_scatter(
            name=f"{curve.label}, random signs",
            x=list(stops),
            y=list(curve.by_chance),
            mode="lines",
            line=chance_line(colours),
            opacity=0.75,
            hovertemplate="%{y:.1%}",
        )
    figure.add_scatter(
        name=curve.label,
        x=list(stops),
        y=list(curve.values),
        mode="lines",
        line={"width": 2.5, "color": curve.colour},
        hovertemplate="%{y:.1%}",
    )


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
