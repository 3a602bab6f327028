"""Marks that take clicks without changing how the chart looks."""

from collections.abc import Sequence
from typing import Any


def click_targets(
    x: Sequence[Any], y: Sequence[Any], *, size: int, symbol: str = "circle", **changes: Any
) -> dict[str, Any]:
    """A trace of invisible marks, so that a click beside the visible ones counts too.

    Args:
        x: Positions, (N,).
        y: Positions, (N,).
        size: Pixels of a mark.
        symbol: Shape of a mark.
        **changes: What this trace has otherwise.
    """
    return {
        "x": list(x),
        "y": list(y),
        "mode": "markers",
        **unseen(symbol=symbol, size=size),
        **changes,
    }


def unseen(**marker: Any) -> dict[str, Any]:
    """Settings of a trace whose marks are not seen and take clicks, whatever their shape."""
    # With the hover "skip" a click would pass through.
    return {"marker": {**marker, "opacity": 0.0}, "hoverinfo": "none", **as_unclicked(0.0)}


def as_unclicked(opacity: float = 1.0) -> dict[str, Any]:
    """Settings that keep a trace's marks as they are when one is clicked: Plotly dims the others."""
    return {"selected": {"marker": {"opacity": opacity}}, "unselected": {"marker": {"opacity": opacity}}}
