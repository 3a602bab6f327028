"""Layout and mode bar of every Plotly chart."""

from typing import Any

import plotly.graph_objects as go

from app.figures.palette import Palette

Figure = go.Figure
"""What a figure function returns and a card shows: cards type it so, and know no Plotly."""


def plain_layout(colours: Palette, **changes: Any) -> dict[str, Any]:
    """A layout without borders, legend or background, as data: Plotly checks it once, in the figure.

    Args:
        colours: The theme's.
        **changes: What this figure has otherwise; of what is a group here, the members named.
    """
    plain: dict[str, Any] = {
        "template": "none",
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "showlegend": False,
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "font": {"family": '"Source Sans", sans-serif', "size": 13, "color": colours.ink},
        "hoverlabel": {
            "bgcolor": colours.paper,
            "bordercolor": colours.grid,
            "align": "left",
            "font": {"color": colours.ink},
        },
        "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": colours.quiet, "activecolor": colours.ink},
        "dragmode": False,
    }
    for name, change in changes.items():
        group = plain.get(name)
        plain[name] = group | change if isinstance(group, dict) else change
    return plain


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
