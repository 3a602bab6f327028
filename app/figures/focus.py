"""Marks of one meaning on all charts: frames of the chosen, diamonds of the pinned, ticks of fixed models."""

from collections.abc import Collection, Sequence
from typing import Any

from app.figures.palette import Palette


def chosen_frame(x: Sequence[float], y: Sequence[float], colours: Palette, **changes: Any) -> dict[str, Any]:
    """A frame around what is chosen, as a shape.

    Args:
        x: Left and right end.
        y: Both other ends.
        colours: The theme's.
        **changes: What this shape has otherwise.
    """
    return {
        "name": "chosen",
        "type": "rect",
        "x0": x[0],
        "x1": x[1],
        "y0": y[0],
        "y1": y[1],
        "line": {"color": colours.pinned, "width": 2},
        "fillcolor": "rgba(0,0,0,0)",
        **changes,
    }


def row_frames(rows: Sequence[str], chosen: Collection[str], colours: Palette) -> list[dict[str, Any]]:
    """Frames around the chosen rows over the whole width of the chart."""
    return [
        chosen_frame((0.0, 1.0), (number - 0.48, number + 0.48), colours, xref="paper")
        for number, row in enumerate(rows)
        if row in chosen
    ]


def tick_marker(colour: str, *, across: bool = False) -> dict[str, Any]:
    """The short stroke of a fixed model, such as the base: upright on rows, across on columns."""
    symbol = "line-ew-open" if across else "line-ns-open"
    return {"symbol": symbol, "size": 16, "color": colour, "line": {"width": 2.5, "color": colour}}


def pinned_marker(colours: Palette) -> dict[str, Any]:
    """The open diamond of the pinned baseline."""
    line = {"width": 2, "color": colours.pinned}
    return {"symbol": "diamond-open", "size": 10, "color": colours.pinned, "line": line}
