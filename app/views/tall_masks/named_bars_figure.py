"""A few named amounts as bars with their number beside them, each beside its null where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from app.figures.axes import inked, plain_axis, row_axis
from app.figures.chance import chance_marks
from app.figures.layout import plain_layout
from app.figures.notes import row_notes
from app.figures.once import built_once
from app.figures.palette import Palette

_ROW = 28


@dataclass(frozen=True, slots=True)
class NamedBar:
    """One amount."""

    name: str
    value: float
    text: str
    by_chance: float | None = None
    hover: str = ""


@built_once
def named_bars_figure(
    bars: Sequence[NamedBar],
    colours: Palette,
    *,
    chosen: str | None = None,
    tickformat: str = ".0%",
    high: float | None = None,
) -> go.Figure:
    """Draw the bars from the top; a click gives the name as y.

    Args:
        bars: In the order drawn.
        colours: The theme's.
        chosen: Bar in full colour whose name is bold; without one all bars are in full colour.
        tickformat: Of the axis; empty for an axis without numbers.
        high: End of the axis; enough for all by default.
    """
    names = [bar.name for bar in bars]
    top = high or 1.05 * max([0.0, *(max(bar.value, bar.by_chance or 0.0) for bar in bars)]) or 1.0
    figure = go.Figure(
        layout=plain_layout(
            colours,
            height=_ROW * len(bars) + 34,
            bargap=0.32,
            margin={"l": 8, "r": 62, "t": 4, "b": 24},
            xaxis=plain_axis(
                colours, range=[0.0, top], tickformat=tickformat, nticks=6, showticklabels=bool(tickformat)
            ),
            yaxis=row_axis(names, colours, {chosen}, tickfont=inked(colours)),
            annotations=row_notes(names, [bar.text for bar in bars], colours),
        )
    )
    is_alone = chosen in names
    figure.add_bar(
        name="amounts",
        x=[bar.value for bar in bars],
        y=names,
        orientation="h",
        marker={
            "color": colours.merge,
            "opacity": [0.45 if is_alone and name != chosen else 1.0 for name in names],
        },
        selected={"marker": {"opacity": 1.0}},
        unselected={"marker": {"opacity": 0.45}},
        hovertext=[bar.hover or bar.text for bar in bars],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    known = [bar for bar in bars if bar.by_chance is not None]
    figure.add_scatter(
        **chance_marks([bar.by_chance for bar in known], [bar.name for bar in known], colours, size=17)
    )
    return figure
