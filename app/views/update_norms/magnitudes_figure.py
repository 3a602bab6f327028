"""How far single weights move: one line a task over the logarithm of |τ|."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.palette import Palette

_POWERS = range(-12, 3)
_DIGITS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")

_SHOWN = 0.005
"""Share of the highest peak from which a bin is worth showing."""


def magnitudes(
    middles: Sequence[float],
    tasks: Mapping[str, Sequence[float]],
    colours: Palette,
    *,
    chosen: str | None = None,
    reference: Sequence[float] | None = None,
) -> go.Figure:
    """Draw the share of weights per doubling of |τ|; a click gives the nearest line's task as customdata.

    Args:
        middles: Of the bins, weight units, ascending, (B,).
        tasks: Share per doubling of each task, (B,) each.
        colours: The theme's.
        chosen: Drawn in colour, on top.
        reference: The same of a normal distribution as wide as the chosen task's, drawn dashed.
    """
    figure = go.Figure(
        layout=plain_layout(
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
                title={
                    "text": "|τ|, weight units",
                    "font": {"size": 12, "color": colours.quiet},
                    "standoff": 6,
                },
            ),
            yaxis=plain_axis(
                colours,
                tickformat=".0%",
                nticks=5,
                rangemode="tozero",
                title={
                    "text": "weights per doubling of |τ|",
                    "font": {"size": 12, "color": colours.quiet},
                    "standoff": 6,
                },
            ),
        )
    )
    hues = line_colours(list(tasks), colours, chosen=chosen)
    for task in sorted(tasks, key=lambda name: name == chosen):  # the chosen one last, on top
        figure.add_scatter(
            name=task,
            x=list(middles),
            y=list(tasks[task]),
            customdata=[task] * len(middles),
            mode="lines+markers",
            marker={"size": 9, "opacity": 0.0},
            selected={"marker": {"opacity": 0.0}},
            unselected={"marker": {"opacity": 0.0}},
            line={"width": 3 if task == chosen else 1.5, "color": hues[task]},
            opacity=0.5 if hues[task] == colours.quiet else 1.0,
            hovertemplate=f"{task}: %{{y:.1%}} of the weights at |τ| = %{{x:.2g}}<extra></extra>",
        )
    if reference is not None:
        figure.add_scatter(
            name="normal",
            x=list(middles),
            y=list(reference),
            mode="lines",
            line={"width": 1.5, "color": colours.ink, "dash": "dot"},
            hoverinfo="skip",
        )
    return figure


def line_colours(tasks: Sequence[str], colours: Palette, *, chosen: str | None) -> dict[str, str]:
    """The colour of each task's line: one hue each where they are few and none is chosen."""
    if chosen is None and len(tasks) <= len(colours.categories):
        return dict(zip(tasks, colours.categories, strict=False))
    return {task: colours.merge if task == chosen else colours.quiet for task in tasks}


def _span(middles: Sequence[float], tasks: Mapping[str, Sequence[float]]) -> list[float]:
    """Ends of the axis, as powers of ten, that leave out the far tails."""
    peaks = [max(shares) for shares in zip(*tasks.values(), strict=True)]
    shown = [middle for middle, peak in zip(middles, peaks, strict=True) if peak >= _SHOWN * max(peaks)]
    return [math.log10(min(shown)) - 0.1, math.log10(max(shown)) + 0.1]
