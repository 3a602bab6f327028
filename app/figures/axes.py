"""Axes that charts share: plain ones, their titles, and the axis of named rows."""

from collections.abc import Collection, Sequence
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


def axis_title(text: str, colours: Palette) -> dict[str, Any]:
    """The title of an axis, small and quiet beside its numbers."""
    return {"text": text, "font": {"size": 12, "color": colours.quiet}, "standoff": 4}


def name_axis(
    names: Sequence[str], colours: Palette, chosen: Collection[str | None] = (), **changes: Any
) -> dict[str, Any]:
    """The axis of columns of these names, in this order, those of chosen ones bold.

    Args:
        names: From left to right; one without a mark keeps its place.
        colours: The theme's.
        chosen: Names that are bold.
        **changes: What this axis has otherwise.
    """
    of_names = {"type": "category", "categoryorder": "array", "categoryarray": list(names)}
    return _named(names, colours, chosen, names, of_names | {"range": [-0.5, len(names) - 0.5]} | changes)


def row_axis(
    rows: Sequence[str], colours: Palette, chosen: Collection[str | None] = (), **changes: Any
) -> dict[str, Any]:
    """The axis of rows of these names, the first on top: `name_axis` turned downwards."""
    return name_axis(rows, colours, chosen, **{"range": [len(rows) - 0.5, -0.5], **changes})


def numbered_row_axis(
    rows: Sequence[str], colours: Palette, chosen: Collection[str | None] = (), **changes: Any
) -> dict[str, Any]:
    """A `row_axis` on which marks find their row by its number from 0, as panels that share rows need."""
    downwards = {"range": [len(rows) - 0.5, -0.5]}
    return _named(rows, colours, chosen, range(len(rows)), downwards | changes)


def _named(
    names: Sequence[str],
    colours: Palette,
    chosen: Collection[str | None],
    places: Sequence[str | int],
    changes: dict[str, Any],
) -> dict[str, Any]:
    named = {
        "showgrid": False,
        "tickmode": "array",
        "tickvals": list(places),
        "ticktext": written(names, colours, chosen),
        "ticklabelstandoff": 4,
    }
    return plain_axis(colours, **named | changes)


def row_pixels(n_rows: int) -> int:
    """Height of a row, so that charts of the same rows have them at the same height.

    >>> row_pixels(8), row_pixels(60)
    (24, 16)
    """
    return max(16, min(24, 420 // max(n_rows, 1)))


def inked(colours: Palette) -> dict[str, Any]:
    """The font of rows' names that are written like text: of tasks and cases, not of numbered layers."""
    return {"color": colours.ink, "size": 13}


def written(names: Sequence[str], colours: Palette, chosen: Collection[str | None] = ()) -> list[str]:
    """Names as an axis writes them: short where they are long, the chosen ones bold."""
    called = colours.called(names)
    return [f"<b>{one}</b>" if name in chosen else one for name, one in zip(names, called, strict=True)]
