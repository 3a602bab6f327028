"""Accuracy over the values of one slider while everything else stays."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.clicks import unseen
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette

_AIR = 0.03
"""Accuracy above the highest and below the lowest line."""


@built_once
def strip_figure(
    values: Sequence[float],
    mean: Sequence[float],
    tasks: Mapping[str, Sequence[float]],
    colours: Palette,
    *,
    here: float,
    span: tuple[float, float],
    label: str,
    chosen: str | None = None,
) -> go.Figure:
    """Draw the mean over the slider's values, each task behind it, and where the slider stands.

    Every position takes a click and shows its numbers, over the whole height of the chart.

    Args:
        values: Measured positions of the slider, ascending, (N,).
        mean: Mean accuracy at each, 0 … 1, (N,).
        tasks: Accuracy of each task at each, 0 … 1, (N,) each.
        colours: The theme's.
        here: The slider's position.
        span: Ends of the slider.
        label: The slider's name.
        chosen: Task whose line stands out.
    """
    shown = [*mean, *(share for shares in tasks.values() for share in shares)]
    bottom, top = max(0.0, min(shown) - _AIR), min(1.0, max(shown) + _AIR)
    figure = go.Figure(layout=_layout(span, (bottom, top), label, colours))
    for task in sorted(tasks, key=lambda name: name == chosen):  # the chosen one last, on top
        is_chosen = task == chosen
        figure.add_scatter(
            name=task,
            x=values,
            y=tasks[task],
            mode="lines",
            line={"width": 2 if is_chosen else 1, "color": colours.ink if is_chosen else colours.quiet},
            opacity=1.0 if is_chosen else 0.55,
            hoverinfo="skip",
        )
    figure.add_scatter(
        name="mean",
        x=values,
        y=mean,
        mode="lines+markers",
        line={"width": 3, "color": colours.merge},
        marker={"size": 6},
        hoverinfo="skip",
    )
    figure.add_vline(x=here, line={"color": colours.ink, "dash": "dot", "width": 2})
    _add_positions(figure, values, (bottom, top), span, _numbers(values, mean, tasks, label, chosen))
    return figure


def _add_positions(
    figure: go.Figure,
    values: Sequence[float],
    heights: tuple[float, float],
    span: tuple[float, float],
    numbers: Sequence[str],
) -> None:
    """Add an unseen bar around each position, which takes a click and shows numbers."""
    ends = [span[0], *((one + other) / 2 for one, other in pairwise(values)), span[1]]
    figure.add_bar(
        name="positions",
        x=values,
        y=[heights[1] - heights[0]] * len(values),
        base=heights[0],
        offset=[left - value for left, value in zip(ends, values, strict=False)],
        width=[right - left for left, right in pairwise(ends)],
        **unseen()
        | {
            "hoverinfo": None,
            "hovertext": list(numbers),
            "hovertemplate": "%{hovertext}<extra></extra>",
        },
    )


def _numbers(
    values: Sequence[float],
    mean: Sequence[float],
    tasks: Mapping[str, Sequence[float]],
    label: str,
    chosen: str | None,
) -> list[str]:
    of_chosen = tasks.get(chosen) if chosen is not None else None
    return [
        f"{label} {value:g}: mean {mean[row]:.1%}"
        + ("" if of_chosen is None else f"<br>{chosen} {of_chosen[row]:.1%}")
        for row, value in enumerate(values)
    ]


def _layout(
    span: tuple[float, float], heights: tuple[float, float], label: str, colours: Palette
) -> dict[str, Any]:
    return plain_layout(
        colours,
        height=180,
        margin={"l": 4, "r": 8, "t": 6, "b": 34},
        xaxis=plain_axis(
            colours, range=list(span), showgrid=False, nticks=5, title=axis_title(label, colours)
        ),
        yaxis=plain_axis(colours, range=list(heights), tickformat=".0%", nticks=6),
        bargap=0,
    )
