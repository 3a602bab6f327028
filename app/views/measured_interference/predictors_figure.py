"""Small scatter plots side by side: one diagnostic each against the measured loss."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from app.figures.axes import axis_title, plain_axis
from app.figures.layout import plain_layout
from app.figures.once import built_once
from app.figures.palette import Palette


@dataclass(frozen=True, slots=True)
class Relation:
    """One diagnostic of pairs, and what the pairs cost."""

    name: str
    caption: str
    """Text below its name: the correlation and its p-value."""
    x: Sequence[float]
    y: Sequence[float]
    pairs: Sequence[tuple[str, str]]


@built_once
def predictors_figure(
    found: Sequence[Relation], colours: Palette, *, chosen: tuple[str, str] | None, unit: str
) -> go.Figure:
    """Draw the plots in one row; a click gives the pair as customdata.

    Args:
        found: One per plot.
        colours: The theme's.
        chosen: The pair in focus, ringed.
        unit: Title of the shared vertical axis.
    """
    titles = [f"<b>{one.name}</b><br>{one.caption}" for one in found]
    figure = make_subplots(rows=1, cols=max(len(found), 1), shared_yaxes=True, subplot_titles=titles)
    figure.update_layout(plain_layout(colours, height=280, margin={"l": 8, "r": 8, "t": 56, "b": 30}))
    figure.update_xaxes(plain_axis(colours, nticks=4))
    figure.update_yaxes(plain_axis(colours, nticks=5))
    figure.update_yaxes(title=axis_title(unit, colours), col=1)
    figure.update_annotations(font={"size": 12, "color": colours.ink})
    for column, one in enumerate(found, start=1):
        figure.add_scatter(
            name=one.name,
            x=list(one.x),
            y=list(one.y),
            mode="markers",
            marker={
                "size": [13 if pair == chosen else 8 for pair in one.pairs],
                "color": [colours.pinned if pair == chosen else colours.merge for pair in one.pairs],
                "opacity": 0.75,
            },
            customdata=[list(pair) for pair in one.pairs],
            hovertemplate="%{customdata[0]} and %{customdata[1]}: %{x:.3f}, %{y:.3f}<extra></extra>",
            row=1,
            col=column,
        )
    return figure
