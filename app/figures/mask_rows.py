"""Shares of weights kept by 0 … T masks, row by row: one stacked bar a layer or component."""

from collections.abc import Sequence

import plotly.graph_objects as go

from app.figures.mask_counts import count_colours
from app.figures.palette import Palette, plain_axis, plain_layout


def mask_rows(
    labels: Sequence[str],
    shares: Sequence[Sequence[float]],
    names: Sequence[str],
    colours: Palette,
    *,
    chosen: str | None = None,
    height: int | None = None,
) -> go.Figure:
    """Draw the rows; a click gives the row as y.

    Args:
        labels: Rows, from the top, (G,).
        shares: Each in [0, 1], (G, T + 1).
        names: What each number of masks is called, (T + 1,).
        colours: The theme's.
        chosen: Row that is framed.
        height: Pixels; by default enough for the rows.
    """
    rows = list(labels)
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=height or 44 + max(16, min(25, 480 // max(len(rows), 1))) * len(rows),
            barmode="stack",
            bargap=0.14,
            margin={"l": 8, "r": 14, "t": 4, "b": 24},
            xaxis=plain_axis(colours, range=[0.0, 1.0], tickformat=".0%", showgrid=False, nticks=6),
            yaxis=plain_axis(
                colours,
                type="category",
                categoryorder="array",
                categoryarray=rows,
                range=[len(rows) - 0.5, -0.5],
                showgrid=False,
                tickmode="array",
                tickvals=rows,
                ticktext=[f"<b>{row}</b>" if row == chosen else row for row in rows],
                ticklabelstandoff=4,
            ),
        )
    )
    for count, colour in enumerate(count_colours(len(names) - 1, colours)):
        figure.add_bar(
            name=names[count],
            x=[row[count] for row in shares],
            y=rows,
            orientation="h",
            marker={"color": colour},
            selected={"marker": {"opacity": 1.0}},
            unselected={"marker": {"opacity": 1.0}},
            hovertemplate=f"%{{y}}: %{{x:.1%}} kept by {count} ({names[count]})<extra></extra>",
        )
    if chosen in rows:
        row = rows.index(chosen)
        figure.add_shape(
            name="chosen",
            type="rect",
            x0=0.0,
            x1=1.0,
            y0=row - 0.48,
            y1=row + 0.48,
            line={"color": colours.ink, "width": 2},
            fillcolor="rgba(0,0,0,0)",
        )
    return figure
