"""Points on a plane, labelled or coloured: tasks, or layers of tasks."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, plain_axis
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette
from app.views.map.dots import Dots

_SYMBOLS = ("circle", "square", "diamond", "cross", "triangle-up", "star", "pentagon", "hexagram")
_LABELLED = 25
"""Points up to which each is named beside it."""


@built_once
def plane_figure(
    groups: Sequence[Dots],
    colours: Palette,
    *,
    axes: tuple[str, str],
    is_ordered: bool = False,
    chosen: str | None = None,
    height: int = 380,
) -> go.Figure:
    """Draw groups of points; both axes have one scale, so that distances look as they are.

    Args:
        groups: In the order of the legend; past eight, hues meet other symbols.
        colours: The theme's.
        axes: Titles of both axes.
        is_ordered: Whether the groups are steps of one scale, such as depth, and coloured along it.
        chosen: Name of the group in focus; the others are pale.
        height: Pixels.
    """
    n_points = sum(len(group.x) for group in groups)
    figure = go.Figure(
        layout=_layout(axes, colours, height, has_legend=len(groups) > 1 and n_points > _LABELLED)
    )
    for index, group in enumerate(groups):
        symbol = "circle" if is_ordered else _SYMBOLS[(index + index // 8) % len(_SYMBOLS)]
        marker = {
            "size": 11 if n_points <= _LABELLED else 8,
            "color": _colour(index, len(groups), colours, is_ordered=is_ordered),
            "symbol": symbol,
            "line": {"width": 0.7, "color": colours.paper},
        }
        figure.add_scatter(
            name=colours.called([group.name])[0],
            x=list(group.x),
            y=list(group.y),
            mode="markers+text" if n_points <= _LABELLED else "markers",
            text=colours.called(group.labels),
            textposition="top center",
            textfont={"size": 12, "color": colours.ink},
            customdata=[list(key) for key in group.keys],
            hovertext=list(group.labels),
            hoverinfo="text",
            opacity=1.0 if chosen in (None, group.name) else 0.25,
            marker=marker,
        )
    return figure


def _layout(axes: tuple[str, str], colours: Palette, height: int, *, has_legend: bool) -> dict[str, Any]:
    return plain_layout(
        colours,
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 36},
        showlegend=has_legend,
        legend={"font": {"size": 11}, "orientation": "v", "itemsizing": "constant"},
        xaxis=plain_axis(colours, title=axis_title(axes[0], colours), showticklabels=False),
        yaxis=plain_axis(colours, title=axis_title(axes[1], colours), showticklabels=False, scaleanchor="x"),
    )


def _colour(index: int, n: int, colours: Palette, *, is_ordered: bool) -> str:
    if not is_ordered:
        return colours.categories[index % len(colours.categories)]
    # From the second step on: the palest of the scale is lost on the paper.
    scale = colours.sequential[1:]
    return scale[round(index * (len(scale) - 1) / max(n - 1, 1))]
