"""Shares kept of one accuracy against shares kept of another, with the settings that no other beats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.intervals import interval
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette

_FREE = 0.06
"""Share of the width that a label needs beside another's."""


@dataclass(frozen=True, slots=True)
class TradeOffDot:
    """One setting; shares, 1 is all, each with its interval."""

    word: str
    """What a click gives."""
    label: str
    x: tuple[float, float, float]
    """Value, low, high."""
    y: tuple[float, float, float]
    hover: str
    is_on_front: bool
    """Whether no other is better on both axes."""


@built_once
def trade_off_figure(
    dots: Sequence[TradeOffDot], colours: Palette, *, axes: tuple[str, str], chosen: str | None = None
) -> go.Figure:
    """Draw the settings in their order, those on the front full and joined; 1 on either axis is drawn in.

    Args:
        dots: Along the path of the setting.
        colours: The theme's.
        axes: What lies across and up.
        chosen: Word of the dot that is framed.
    """
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=340,
            margin={"l": 8, "r": 16, "t": 16, "b": 8},
            xaxis=plain_axis(colours, tickformat=".0%", nticks=7, title=axis_title(axes[0], colours)),
            yaxis=plain_axis(colours, tickformat=".0%", nticks=6, title=axis_title(axes[1], colours)),
        )
    )
    if dots:
        figure.add_hline(y=1.0, line={"color": colours.quiet, "dash": "dot", "width": 1})
        figure.add_vline(x=1.0, line={"color": colours.quiet, "dash": "dot", "width": 1})
    front = sorted((dot for dot in dots if dot.is_on_front), key=lambda dot: dot.x[0])
    figure.add_scatter(
        name="front",
        x=[dot.x[0] for dot in front],
        y=[dot.y[0] for dot in front],
        mode="lines",
        line={"width": 2, "color": colours.merge, "shape": "vh"},
        hoverinfo="skip",
    )
    _settings(figure, dots, colours, chosen)
    return figure


def _settings(figure: go.Figure, dots: Sequence[TradeOffDot], colours: Palette, chosen: str | None) -> None:
    figure.add_scatter(
        name="settings",
        x=[dot.x[0] for dot in dots],
        y=[dot.y[0] for dot in dots],
        error_x=_errors([dot.x for dot in dots], colours),
        error_y=_errors([dot.y for dot in dots], colours),
        mode="markers+text",
        text=_labels(dots, chosen),
        textposition="bottom left",
        textfont={"size": 11, "color": colours.ink},
        cliponaxis=False,
        marker={
            "size": 10,
            "color": [colours.merge if dot.is_on_front else colours.paper for dot in dots],
            "line": {
                "width": [3 if dot.word == chosen else 2 for dot in dots],
                "color": [colours.pinned if dot.word == chosen else colours.merge for dot in dots],
            },
        },
        customdata=[dot.word for dot in dots],
        hovertext=[dot.hover for dot in dots],
        hoverinfo="text",
    )


def _labels(dots: Sequence[TradeOffDot], chosen: str | None) -> list[str]:
    """Labels of what is on the front or chosen, and of those others that stand free."""
    span = max((dot.x[0] for dot in dots), default=0.0) - min((dot.x[0] for dot in dots), default=0.0)
    labelled = [dot for dot in dots if dot.is_on_front or dot.word == chosen]
    for dot in dots:
        if all(abs(dot.x[0] - other.x[0]) > _FREE * span for other in labelled):
            labelled.append(dot)
    return [dot.label if dot in labelled else "" for dot in dots]


def _errors(values: Sequence[tuple[float, float, float]], colours: Palette) -> dict[str, Any]:
    middles, lows, highs = ([value[part] for value in values] for part in range(3))
    return interval(middles, lows, highs, colours.track, thickness=1)
