"""Axes that charts share: plain ones, their titles, and the axis of named rows."""

from typing import Any

from app.figures.palette import Palette


def plain_axis(colours: Palette, **changes: Any) -> dict[str, Any]:
    """An axis of few thin lines and quiet numbers."""
    return {
        "gridcolor": colours.grid,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"color": colours.quiet, "size": 12},
        "fixedrange": True,
        "automargin": True,
        **changes,
    }
