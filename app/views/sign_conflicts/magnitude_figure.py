"""A share in bands of magnitude, from small moves to large ones, beside what chance gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.figures.axes import plain_axis
from app.figures.layout import plain_layout
from app.figures.palette import Palette


@dataclass(frozen=True, slots=True)
class BandLine:
    """One line over the bands."""

    values: Sequence[float | None]
    is_focus: bool = True
    """Whether it is what is looked at, or stands behind it."""
    hover: Sequence[str] = ()


def magnitude_bands(
    bands: Sequence[str],
    lines: Mapping[str, BandLine],
    colours: Palette,
    *,
    chance: float,
    by_chance: Sequence[float],
    title: str,
    kept_from: float | None = None,
    kept_text: str = "",
) -> go.Figure:
    """Draw the lines.

    Args:
        bands: Names, small moves first, (B,).
        lines: By name.
        colours: The theme's.
        chance: The share chance gives in every band.
        by_chance: Half the 95 % interval of chance in each band, of the line in focus, (B,).
        title: Of the bands' axis.
        kept_from: Position among the bands from which trimming keeps weights: 0 is the middle of the
            first, 0.5 its end.
        kept_text: What is written there.
    """
    names = list(bands)
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=330,
            margin={"l": 8, "r": 14, "t": 22, "b": 44},
            hoverdistance=-1,
            xaxis=plain_axis(
                colours,
                type="category",
                categoryorder="array",
                categoryarray=names,
                range=[-0.5, len(names) - 0.5],
                showgrid=False,
                title={"text": title, "font": {"size": 12, "color": colours.quiet}, "standoff": 8},
            ),
            yaxis=plain_axis(colours, tickformat=".0%", nticks=6, range=_span(lines, chance, by_chance)),
        )
    )
    if kept_from is not None:
        figure.add_shape(
            name="kept",
            type="rect",
            x0=kept_from,
            x1=len(names) - 0.5,
            y0=0,
            y1=1,
            yref="paper",
            fillcolor=colours.track,
            opacity=0.45,
            line={"width": 0},
            layer="below",
        )
        figure.add_annotation(
            text=kept_text,
            x=len(names) - 0.5,
            xanchor="right",
            y=1.0,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
            font={"size": 11, "color": colours.quiet},
        )
    figure.add_scatter(
        name="null",
        x=names,
        y=[chance] * len(names),
        mode="lines+markers",
        line={"color": colours.ink, "width": 1, "dash": "dot"},
        marker={"symbol": "line-ew", "size": 16, "line": {"color": colours.ink, "width": 2}},
        error_y={
            "type": "data",
            "array": list(by_chance),
            "color": colours.ink,
            "thickness": 1.5,
            "width": 4,
        },
        hoverinfo="skip",
    )
    for name, line in sorted(lines.items(), key=lambda item: item[1].is_focus):
        colour = colours.merge if line.is_focus else colours.quiet
        figure.add_scatter(
            name=name,
            x=names,
            y=list(line.values),
            mode="lines+markers",
            line={"color": colour, "width": 2.5 if line.is_focus else 1.5},
            marker={"size": 9 if line.is_focus else 5, "color": colour},
            hovertext=list(line.hover),
            hoverinfo="text" if line.hover else "skip",
        )
    return figure


def _span(lines: Mapping[str, BandLine], chance: float, by_chance: Sequence[float]) -> list[float]:
    known = [value for line in lines.values() for value in line.values if value is not None]
    # A band of few weights does not stretch the axis: its interval runs out of it.
    furthest = max((abs(value - chance) for value in known), default=0.0)
    widest = min(max(by_chance, default=0.0), max(1.5 * furthest, 0.05))
    low, high = min([*known, chance - widest]), max([*known, chance + widest])
    room = max(0.08 * (high - low), 0.01)
    return [max(low - room, 0.0), min(high + room, 1.0)]
