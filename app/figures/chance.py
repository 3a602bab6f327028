"""Marks of what chance gives, in the theme's ink on every chart: a stroke for a value, dots for a curve."""

from collections.abc import Sequence
from typing import Any, Literal

from app.figures.palette import Palette


def chance_marks(
    x: Sequence[Any],
    y: Sequence[Any],
    colours: Palette,
    *,
    along: Literal["x", "y"] = "x",
    size: int = 11,
    spread: Sequence[float] | None = None,
    **changes: Any,
) -> dict[str, Any]:
    """A trace of strokes across the axis of values, where chance would put each of them.

    Args:
        x: Positions, (N,).
        y: Positions, (N,).
        colours: The theme's.
        along: The axis of the values: x where each has a row, y where each has a column.
        size: Length of a stroke, in pixels.
        spread: Half the interval in which chance lies, (N,), as a bar through each stroke; none by default.
        **changes: What this trace has otherwise, such as a hover text.
    """
    stroke = {
        "symbol": "line-ns" if along == "x" else "line-ew",
        "size": size,
        "line": {"color": colours.ink, "width": 2},
    }
    trace = {"name": "null", "x": list(x), "y": list(y), "mode": "markers", "marker": stroke}
    if spread is not None:
        # Ends of a bar in a row would be taken for more strokes.
        bar = {"color": colours.ink, "thickness": 1.5, "width": 0 if along == "x" else 4}
        trace[f"error_{along}"] = {"type": "data", "array": list(spread), **bar}
    return {**trace, "hoverinfo": "skip", **changes}


def chance_line(colours: Palette) -> dict[str, Any]:
    """The style of a curve that shows what chance gives beside a measured one."""
    return {"width": 1.5, "color": colours.ink, "dash": "dot"}
