"""Bars of the classes of a task, beside the marks of a baseline."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.focus import pinned_marker, tick_marker
from app.figures.intervals import interval
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette
from app.views.merge_lab.class_bars import ClassRow


@built_once
def class_bars_figure(
    rows: Sequence[ClassRow], colours: Palette, *, baseline_name: str, is_pinned: bool
) -> go.Figure:
    """Draw each class's accuracy with its interval, and a mark where the baseline stands.

    Args:
        rows: In the order drawn, from the left.
        colours: The theme's.
        baseline_name: Under the mouse.
        is_pinned: Whether the baseline is the pinned run, a diamond; else it is the base, a tick.
    """
    names = [row.name for row in rows]
    figure = go.Figure(
        go.Bar(
            x=names,
            y=[row.accuracy for row in rows],
            marker={"color": colours.merge},
            error_y=interval(
                [row.accuracy for row in rows],
                [row.low for row in rows],
                [row.high for row in rows],
                colours.ink,
                thickness=1,
            ),
            customdata=[row.n for row in rows],
            hovertemplate="%{x}: %{y:.1%} of %{customdata} images<extra></extra>",
        ),
        layout=plain_layout(
            colours,
            height=200,
            margin={"l": 4, "r": 4, "t": 8, "b": 24},
            bargap=0.35,
            xaxis=plain_axis(colours, type="category", showgrid=False),
            yaxis=plain_axis(colours, tickformat=".0%", range=[0, 1.02], nticks=5),
        ),
    )
    if any(row.baseline is not None for row in rows):
        figure.add_scatter(
            name=baseline_name,
            x=names,
            y=[row.baseline for row in rows],
            mode="markers",
            marker=pinned_marker(colours) if is_pinned else tick_marker(colours.zero_shot, across=True),
            hovertemplate=f"%{{x}}: {baseline_name} %{{y:.1%}}<extra></extra>",
        )
    return figure
