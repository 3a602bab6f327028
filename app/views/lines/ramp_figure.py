"""The factor of each layer over the size of its update, before and after."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis, written
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette

_NAMES = 16
"""Columns up to which each is named."""


@built_once
def ramp_figure(
    names: Sequence[str],
    factors: Sequence[float],
    before: Sequence[float],
    after: Sequence[float],
    colours: Palette,
    *,
    constant: float,
    chosen: str | None = None,
) -> go.Figure:
    """Draw bars of sizes with the factors as a curve over them, both axes from the same 0.

    Args:
        names: Columns from left to right, (N,); the first is everything outside the blocks.
        factors: s of each, (N,).
        before: ‖τ‖₂ there, unscaled, (N,).
        after: ‖s τ‖₂ there, (N,).
        colours: The theme's.
        constant: The one λ that makes the whole update as large.
        chosen: Column whose name is drawn written.
    """
    names = list(names)
    ranges = _ranges([*before, *after], [*factors, constant, 0.0])
    figure = go.Figure(layout=_layout(names, ranges, colours, chosen))
    _bars(figure, names, before, after, colours)
    figure.add_scatter(
        name="constant",
        x=[-0.5, len(names) - 0.5],
        y=[constant, constant],
        yaxis="y2",
        mode="lines",
        line={"width": 1.5, "dash": "dot", "color": colours.ink},
        hovertemplate=f"constant of equal size: {constant:.3g}<extra></extra>",
    )
    _factors(figure, names, factors, colours)
    return figure


def _layout(
    names: Sequence[str], ranges: tuple[list[float], list[float]], colours: Palette, chosen: str | None
) -> dict[str, Any]:
    return plain_layout(
        colours,
        height=320,
        margin={"l": 8, "r": 8, "t": 10, "b": 8},
        barmode="overlay",
        bargap=0.25,
        xaxis=_layer_axis(names, colours, chosen),
        yaxis=plain_axis(colours, title=axis_title("‖τ‖₂", colours), range=ranges[0]),
        yaxis2=plain_axis(
            colours,
            title=axis_title("factor", colours),
            overlaying="y",
            side="right",
            tickmode="auto",
            nticks=6,
            showgrid=False,
            range=ranges[1],
            tickfont={"color": colours.merge, "size": 12},
        ),
    )


def _layer_axis(names: Sequence[str], colours: Palette, chosen: str | None) -> dict[str, Any]:
    every = -(-len(names) // _NAMES)
    named = [name for k, name in enumerate(names) if k == 0 or (k - 1) % every == 0 or name == chosen]
    return plain_axis(
        colours,
        type="category",
        range=[-0.5, len(names) - 0.5],
        showgrid=False,
        tickangle=0 if max(map(len, named), default=0) <= 7 else None,
        tickvals=named,
        ticktext=written(named, colours, {chosen}),
        title=axis_title("block, from the input", colours),
    )


def _bars(
    figure: go.Figure,
    names: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    colours: Palette,
) -> None:
    figure.add_bar(
        name="before",
        x=names,
        y=list(before),
        marker={"color": colours.track},
        hovertemplate="%{x}: ‖τ‖ = %{y:.3g} before<extra></extra>",
    )
    figure.add_bar(
        name="after",
        x=names,
        y=list(after),
        width=0.4,
        marker={"color": colours.sequential[2]},
        hovertemplate="%{x}: ‖τ‖ = %{y:.3g} after<extra></extra>",
    )


def _factors(figure: go.Figure, names: Sequence[str], factors: Sequence[float], colours: Palette) -> None:
    # What lies outside the blocks is no step of the ramp: it is not joined with them.
    for part, shown in (("outside", slice(0, 1)), ("factor", slice(1, None))):
        figure.add_scatter(
            name=part,
            x=names[shown],
            y=list(factors)[shown],
            yaxis="y2",
            mode="lines+markers",
            line={"width": 3, "color": colours.merge},
            marker={"size": 8 if len(names) <= _NAMES else 5, "color": colours.merge},
            hovertemplate="%{x}: factor %{y:.3g}<extra></extra>",
        )


def _ranges(sizes: Sequence[float], factors: Sequence[float]) -> tuple[list[float], list[float]]:
    """Ranges of both axes in which 0 stands at the same height."""
    top = 1.08 * (max(sizes, default=0.0) or 1.0)
    low, high = min(factors), max(factors)
    margin = 0.08 * ((high - low) or 1.0)
    high = max(high, -low / 4) + margin
    low = low - margin if low < 0 else 0.0
    return [top * low / high, top], [low, high]
