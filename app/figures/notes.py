"""Texts beside and above a chart: numbers of rows at their right, notes over the top edge."""

from collections.abc import Sequence
from typing import Any

from app.figures.palette import Palette


def row_notes(
    rows: Sequence[Any], texts: Sequence[str], colours: Palette, *, x: str = "paper"
) -> list[dict[str, Any]]:
    """The number of each row in bold, right of the row's end.

    Args:
        rows: As their axis finds them, by name or by number, (R,).
        texts: What is written, (R,).
        colours: The theme's.
        x: The reference of the rows' end; the domain of an axis where panels lie side by side.
    """
    font = {"size": 12, "color": colours.ink}
    return [
        row_note(row, f"<b>{text}</b>", x=x, shift=6, xanchor="left", font=font)
        for row, text in zip(rows, texts, strict=True)
    ]


def row_note(row: Any, text: str, *, x: str = "paper", shift: int, **style: Any) -> dict[str, Any]:
    """A text beside one row, so many pixels from the row's end."""
    at = {"x": 1.0, "xref": x, "xshift": shift, "y": row, "yanchor": "middle"}
    return {"text": text, "showarrow": False, **at, **style}


def top_note(text: str, x: float, colour: str, **changes: Any) -> dict[str, Any]:
    """A text over the top edge, above a position on the axis below."""
    return {
        "text": text,
        "x": x,
        "y": 1.0,
        "yref": "paper",
        "yanchor": "bottom",
        "showarrow": False,
        "font": {"size": 12, "color": colour},
        **changes,
    }


def corner_notes(left: str, right: str, colours: Palette, *, x: str = "paper") -> list[dict[str, Any]]:
    """Quiet texts over the top corners; an empty one is left out.

    Args:
        left: Over the left corner.
        right: Over the right corner.
        colours: The theme's.
        x: The reference of the corners; the domain of an axis where panels lie side by side.
    """
    return [
        top_note(text, at, colours.quiet, xref=x, xanchor=side)
        for text, at, side in ((left, 0.0, "left"), (right, 1.0, "right"))
        if text
    ]
