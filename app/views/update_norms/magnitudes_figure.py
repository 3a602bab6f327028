"""Sizes of the updates of single weights: one curve per task over the logarithm of |τ|."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.chance import chance_line
from app.figures.clicks import click_targets
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette

_POWERS = range(-12, 3)
_DIGITS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_SHOWN = 0.005
"""Share of the highest peak from which a bin is worth showing."""


@built_once
def magnitudes_figure(
    middles: Sequence[float],
    tasks: Mapping[str, Sequence[float]],
    colours: Palette,
    *,
    chosen: str | None = None,
    reference: Sequence[float] | None = None,
) -> go.Figure:
    """Draw the share of weights per doubling of |τ|; a click gives the nearest curve's task as customdata.

    Args:
        middles: Of the bins, weight units, ascending, (B,).
        tasks: Share per doubling of each task, (B,) each.
        colours: The theme's.
        chosen: Drawn in colour, on top.
        reference: The same of a normal distribution as wide as the chosen task's, drawn dotted.
    """
    figure = go.Figure(layout=_layout(middles, tasks, colours))
    hues = task_colours(list(tasks), colours, chosen=chosen)
    for task in sorted(tasks, key=lambda name: name == chosen):  # the chosen one last, on top
        _task(figure, task, middles, tasks[task], hues[task], colours, is_chosen=task == chosen)
    if reference is not None:
        figure.add_scatter(
            name="normal",
            x=list(middles),
            y=list(reference),
            mode="lines",
            line=chance_line(colours),
            hoverinfo="skip",
        )
    return figure


def _layout(
    middles: Sequence[float], tasks: Mapping[str, Sequence[float]], colours: Palette
) -> dict[str, Any]:
    return plain_layout(
        colours,
        height=300,
        margin={"l": 4, "r": 12, "t": 18, "b": 40},
        hoverdistance=-1,
        xaxis=plain_axis(
            colours,
            type="log",
            showgrid=False,
            range=_span(middles, tasks),
            tickmode="array",
            tickvals=[10.0**power for power in _POWERS],
            ticktext=[f"10{str(power).translate(_DIGITS)}" for power in _POWERS],
            title=axis_title("|τ|, weight units", colours),
        ),
        yaxis=plain_axis(
            colours,
            tickformat=".0%",
            nticks=5,
            rangemode="tozero",
            title=axis_title("weights per doubling of |τ|", colours),
        ),
    )


def _task(
    figure: go.Figure,
    task: str,
    middles: Sequence[float],
    shares: Sequence[float],
    hue: str,
    colours: Palette,
    *,
    is_chosen: bool,
) -> None:
    figure.add_scatter(
        **click_targets(middles, shares, size=9)
        | {
            "name": task,
            "customdata": [task] * len(middles),
            "mode": "lines+markers",
            "line": {"width": 3 if is_chosen else 1.5, "color": hue},
            "opacity": 0.5 if hue == colours.quiet else 1.0,
            "hoverinfo": None,
            "hovertemplate": f"{task}: %{{y:.1%}} of the weights at |τ| = %{{x:.2g}}<extra></extra>",
        }
    )


def task_colours(tasks: Sequence[str], colours: Palette, *, chosen: str | None) -> dict[str, str]:
    """The colour of each task's curve: one hue each where they are few and none is chosen."""
    if chosen is None and len(tasks) <= len(colours.categories):
        return dict(zip(tasks, colours.categories, strict=False))
    return {task: colours.merge if task == chosen else colours.quiet for task in tasks}


def _span(middles: Sequence[float], tasks: Mapping[str, Sequence[float]]) -> list[float]:
    """Ends of the axis, as powers of ten, that leave out the far tails."""
    peaks = [max(shares) for shares in zip(*tasks.values(), strict=True)]
    shown = [middle for middle, peak in zip(middles, peaks, strict=True) if peak >= _SHOWN * max(peaks)]
    return [math.log10(min(shown)) - 0.1, math.log10(max(shown)) + 0.1]
