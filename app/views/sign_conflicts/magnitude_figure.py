"""A share in bands of magnitude, from small updates to large ones, beside what chance gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from app.figures.axes import axis_title, name_axis, plain_axis
from app.figures.chance import chance_line, chance_marks
from app.figures.layout import plain_layout
from app.figures.notes import corner_notes
from app.figures.once import built_once
from app.figures.palette import Palette


@dataclass(frozen=True, slots=True)
class BandCurve:
    """One curve over the bands."""

    values: Sequence[float | None]
    is_focus: bool = True
    """Whether it is the subject, or stands behind it."""
    hover: Sequence[str] = ()


@built_once
def magnitude_figure(
    bands: Sequence[str],
    curves: Mapping[str, BandCurve],
    colours: Palette,
    *,
    chance: float,
    by_chance: Sequence[float],
    title: str,
    kept_from: float | None = None,
    kept_text: str = "",
) -> go.Figure:
    """Draw the curves.

    Args:
        bands: Names, small updates first, (B,).
        curves: By name.
        colours: The theme's.
        chance: The share chance gives in every band.
        by_chance: Half the 95 % interval of chance in each band, of the curve in focus, (B,).
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
            xaxis=name_axis(names, colours, title=axis_title(title, colours)),
            yaxis=plain_axis(colours, tickformat=".0%", nticks=6, range=_span(curves, chance, by_chance)),
        )
    )
    if kept_from is not None:
        _kept(figure, (kept_from, len(names) - 0.5), kept_text, colours)
    figure.add_scatter(
        **chance_marks(
            names,
            [chance] * len(names),
            colours,
            along="y",
            size=16,
            spread=by_chance,
            mode="lines+markers",
            line=chance_line(colours),
        )
    )
    for name, curve in sorted(curves.items(), key=lambda item: item[1].is_focus):
        figure.add_scatter(name=name, x=names, **_curve(curve, colours))
    return figure


def _kept(figure: go.Figure, span: tuple[float, float], text: str, colours: Palette) -> None:
    """A shade over the bands that trimming keeps, to the right end."""
    figure.add_shape(
        name="kept",
        type="rect",
        x0=span[0],
        x1=span[1],
        y0=0,
        y1=1,
        yref="paper",
        fillcolor=colours.track,
        opacity=0.45,
        line={"width": 0},
        layer="below",
    )
    for note in corner_notes("", text, colours):
        figure.add_annotation(note)


def _curve(curve: BandCurve, colours: Palette) -> dict[str, Any]:
    colour = colours.merge if curve.is_focus else colours.quiet
    return {
        "y": list(curve.values),
        "mode": "lines+markers",
        "line": {"color": colour, "width": 2.5 if curve.is_focus else 1.5},
        "marker": {"size": 9 if curve.is_focus else 5, "color": colour},
        "hovertext": list(curve.hover),
        "hoverinfo": "text" if curve.hover else "skip",
    }


def _span(curves: Mapping[str, BandCurve], chance: float, by_chance: Sequence[float]) -> list[float]:
    known = [value for curve in curves.values() for value in curve.values if value is not None]
    # A band of few weights does not stretch the axis: its interval runs out of it.
    furthest = max((abs(value - chance) for value in known), default=0.0)
    widest = min(max(by_chance, default=0.0), max(1.5 * furthest, 0.05))
    low, high = min([*known, chance - widest]), max([*known, chance + widest])
    room = max(0.08 * (high - low), 0.01)
    return [max(low - room, 0.0), min(high + room, 1.0)]
