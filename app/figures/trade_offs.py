"""What is gained on one axis and kept on the other, with the points nothing beats."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.figures.palette import Palette, plain_axis, plain_layout


@dataclass(frozen=True, slots=True)
class TradeOffDot:
    """One setting."""

    label: str
    x: float
    y: float
    is_best: bool
    """Whether no other is better on both axes."""
    value: float
    """What a click tells."""


def trade_offs(dots: Sequence[TradeOffDot], colours: Palette, *, axes: tuple[str, str]) -> go.Figure:
    """Draw the settings, those on the front full and joined; 1 on either axis is drawn in."""
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=340,
            margin={"l": 8, "r": 16, "t": 8, "b": 40},
            xaxis=plain_axis(colours, tickformat=".0%", title=_title(axes[0], colours)),
            yaxis=plain_axis(colours, tickformat=".0%", title=_title(axes[1], colours)),
        )
    )
    if dots:
        figure.add_hline(y=1.0, line={"color": colours.quiet, "dash": "dot", "width": 1})
        figure.add_vline(x=1.0, line={"color": colours.quiet, "dash": "dot", "width": 1})
    front = sorted((dot for dot in dots if dot.is_best), key=lambda dot: dot.x)
    figure.add_scatter(
        name="front",
        x=[dot.x for dot in front],
        y=[dot.y for dot in front],
        mode="lines",
        line={"width": 2, "color": colours.merge},
        hoverinfo="skip",
    )
    figure.add_scatter(
        name="settings",
        x=[dot.x for dot in dots],
        y=[dot.y for dot in dots],
        mode="markers+text",
        text=[dot.label for dot in dots],
        textposition="top center",
        textfont={"size": 11, "color": colours.quiet},
        marker={
            "size": 10,
            "color": [colours.merge if dot.is_best else colours.paper for dot in dots],
            "line": {"width": 2, "color": colours.merge},
        },
        customdata=[[dot.value] for dot in dots],
        hovertemplate="%{text}: %{x:.1%}, %{y:.1%}<extra></extra>",
    )
    return figure


def _title(text: str, colours: Palette) -> dict[str, object]:
    return {"text": text, "font": {"size": 12, "color": colours.quiet}, "standoff": 4}
