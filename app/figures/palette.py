"""Colours by role, the same on every page, for the light and the dark theme."""

from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go


@dataclass(frozen=True, slots=True)
class Palette:
    """One theme's colours; safe for colour-blind eyes, since role is never told by colour alone."""

    merge: str
    """This merge."""
    pinned: str
    """The pinned baseline."""
    zero_shot: str
    """The base, before fine-tuning."""
    fine_tuned: str
    """A task's own model."""
    better: str
    worse: str
    track: str
    """The way from zero-shot to fine-tuned, and other quiet areas."""
    ink: str
    """Text."""
    quiet: str
    """Secondary text, and lines that stand behind others."""
    grid: str
    paper: str
    """The card a figure lies on."""
    sequential: tuple[str, str]
    """Ends of a scale from nothing to much."""


LIGHT = Palette(
    merge="#1f5fa8",
    pinned="#d8762a",
    zero_shot="#6b7480",
    fine_tuned="#1c2430",
    better="#1f5fa8",
    worse="#b4540a",
    track="#e6e9ee",
    ink="#1c2430",
    quiet="#6b7480",
    grid="#eceff3",
    paper="#ffffff",
    sequential=("#eef3f9", "#1f5fa8"),
)

DARK = Palette(
    merge="#6db1f2",
    pinned="#f0a05a",
    zero_shot="#98a2af",
    fine_tuned="#e4e8ee",
    better="#6db1f2",
    worse="#f0a05a",
    track="#2c343f",
    ink="#e4e8ee",
    quiet="#98a2af",
    grid="#232b35",
    paper="#12161c",
    sequential=("#1a2430", "#6db1f2"),
)


def palette(theme: str | None) -> Palette:
    """The palette of a theme, `light` or `dark`; light until the browser has said which."""
    return DARK if theme == "dark" else LIGHT


def plain_layout(colours: Palette, **changes: Any) -> go.Layout:
    """A layout without borders, legend or background, to which a figure adds what it needs."""
    return go.Layout(
        template="none",
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        showlegend=False,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        font={"family": '"Source Sans", sans-serif', "size": 13, "color": colours.ink},
        hoverlabel={"bgcolor": colours.paper, "bordercolor": colours.grid, "font": {"color": colours.ink}},
        dragmode=False,
    ).update(**changes)


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


CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "displayModeBar": "hover",
    "modeBarButtonsToRemove": [
        "zoom",
        "pan",
        "select",
        "lasso",
        "zoomIn",
        "zoomOut",
        "autoScale",
        "resetScale",
    ],
    "toImageButtonOptions": {"format": "svg", "scale": 2},
}
"""Mode bar with the export button alone; the drawing is exported as SVG by the browser."""
