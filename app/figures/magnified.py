"""Figures for a projector: text, marks, strokes and heights larger, places on the axes as they are."""

from typing import Any

import plotly.graph_objects as go

_LENGTHS = {
    "": {"height"},
    "margin": {"l", "r", "t", "b", "pad"},
    "font": {"size"},
    "marker": {"size"},
    "line": {"width"},
    "colorbar": {"thickness", "ticklen"},
    "title": {"standoff"},
    "axis": {"ticklen", "ticklabelstandoff"},
    "error": {"thickness", "width"},
    "annotations": {"xshift", "yshift", "ax", "ay", "arrowwidth", "standoff"},
    "uniformtext": {"minsize"},
}
"""What is a number of pixels, by the group it stands in; a bar's width is none, but a place on its axis."""


def magnified(figure: go.Figure, by: float) -> go.Figure:
    """A copy of a figure, larger by this factor."""
    drawn = figure.to_plotly_json()
    return go.Figure(
        data=[_larger(trace, "trace", by) for trace in drawn["data"]],
        layout=_larger(drawn["layout"], "", by),
    )


def _larger(part: Any, group: str, by: float) -> Any:
    if isinstance(part, dict):
        lengths = _LENGTHS.get(group, set())
        return {
            name: _times(value, by) if name in lengths else _larger(value, _group(name), by)
            for name, value in part.items()
        }
    if isinstance(part, list | tuple) and any(isinstance(one, dict) for one in part):
        return [_larger(one, group, by) for one in part]
    return part


def _group(name: str) -> str:
    """The kind of group a name of Plotly's stands for: every font is a font."""
    if name.endswith("font"):
        return "font"
    if name.startswith("error_"):
        return "error"
    return "axis" if name.startswith(("xaxis", "yaxis")) else name


def _times(value: Any, by: float) -> Any:
    if isinstance(value, int | float):
        return round(by * value) if isinstance(value, int) else by * value  # some lengths are whole pixels
    return [_times(one, by) for one in value] if isinstance(value, list | tuple) else value
