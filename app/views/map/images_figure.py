"""Images of a task on a plane under three models, with their classes, and each picture under the mouse."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from PIL import Image

from app.figures.contrast import between
from app.figures.palette import Palette
from app.views.map.images import BASE, FINE_TUNED, MERGED, PINNED

FRAME = "frame"
"""Name of the frame drawn with the mouse: its ends by axis, x and y."""

_SHAPES = {BASE: "cross", FINE_TUNED: "square", PINNED: "diamond", MERGED: "circle"}

_THUMBNAIL = 128
"""Pixels of a picture's longer side under the mouse, about."""
_KEPT = 1024
"""Pictures kept at hand: a page is drawn far oftener than its images change."""


@dataclass(frozen=True, slots=True)
class ImageDots:
    """Images under one model."""

    model: str
    x: Sequence[float]
    y: Sequence[float]
    is_right: Sequence[bool]


def images_figure(
    dots: Sequence[ImageDots],
    classes: Sequence[str],
    labels: Sequence[int],
    prototypes: Sequence[tuple[float, float]],
    pictures: Sequence[str],
    colours: Palette,
    *,
    strokes: tuple[str, str],
    height: int = 460,
) -> alt.LayerChart:
    """Draw images, a stroke from one model to another for each, and the classes by name.

    Dragging draws a frame, which the page learns of.

    Args:
        dots: One per model drawn.
        classes: Names, (C,).
        labels: True class of each image, (n,).
        prototypes: The classes on the plane, (C,).
        pictures: Each image as a data address, (n,); see `as_address`.
        colours: The theme's.
        strokes: Models from which and to which each image's stroke is drawn.
        height: Pixels.
    """
    axis = alt.Axis(labels=False, ticks=False, domain=False, gridColor=colours.grid, title=None)
    x, y = alt.X("x:Q", axis=axis), alt.Y("y:Q", axis=axis)
    frame = alt.selection_interval(
        name=FRAME,
        encodings=["x", "y"],
        mark=alt.BrushConfig(fill=colours.ink, fillOpacity=0.06, stroke=colours.ink, strokeOpacity=0.6),
    )
    points = _points(dots, classes, labels, pictures, colours).encode(x=x, y=y).add_params(frame)
    names = [{"x": at[0], "y": at[1], "class": name} for at, name in zip(prototypes, classes, strict=True)]
    written = alt.Chart(pd.DataFrame(names)).encode(x=x, y=y, text="class:N")
    # A border of paper around the names: they stand among hundreds of marks.
    font: dict[str, Any] = {"fontSize": 13, "fontWeight": 600}
    borders = written.mark_text(**font, color=colours.paper, stroke=colours.paper, strokeWidth=4)
    chart: alt.LayerChart = (
        alt.layer(
            _strokes(dots, strokes, colours).encode(x=x, y=y, x2="x2:Q", y2="y2:Q"),
            points,
            borders,
            written.mark_text(**font, color=colours.ink),
        )
        .properties(height=height, background="transparent")
        .configure_view(stroke=None)
    )
    return chart


def _points(
    dots: Sequence[ImageDots],
    classes: Sequence[str],
    labels: Sequence[int],
    pictures: Sequence[str],
    colours: Palette,
) -> alt.Chart:
    rows = [
        {
            "x": x,
            "y": y,
            "model": one.model,
            "class": classes[labels[k]],
            "answer": "right" if right else "wrong",
            "image": pictures[k],
        }
        for one in dots
        for k, (x, y, right) in enumerate(zip(one.x, one.y, one.is_right, strict=True))
    ]
    chart: alt.Chart = (
        alt.Chart(pd.DataFrame(rows))
        .mark_point(filled=True, size=55, stroke=colours.paper, strokeWidth=0.5)
        .encode(
            color=_hue(classes, colours),
            shape=_shape([one.model for one in dots], colours),
            opacity=alt.Opacity(
                "answer:N", scale=alt.Scale(domain=["right", "wrong"], range=[0.9, 0.45]), legend=None
            ),
            tooltip=["image:N", "class:N", "model:N", "answer:N"],
        )
    )
    return chart


def _hue(classes: Sequence[str], colours: Palette) -> alt.Color:
    hues = _hues(len(classes), colours)
    legend = alt.Legend(title=None, labelColor=colours.ink) if len(set(hues)) > 1 else None
    return alt.Color("class:N", scale=alt.Scale(domain=list(classes), range=hues), legend=legend)


def _hues(n_classes: int, colours: Palette) -> list[str]:
    """One hue per class while they can be distinguished: as they are, then each nearer to the ink."""
    darker = [between((hue, colours.ink), 0.55) for hue in colours.categories]
    hues = [*colours.categories, *darker]
    return hues[:n_classes] if n_classes <= len(hues) else [colours.merge] * n_classes


def _shape(models: Sequence[str], colours: Palette) -> alt.Shape:
    return alt.Shape(
        "model:N",
        scale=alt.Scale(domain=list(models), range=[_SHAPES[model] for model in models]),
        legend=alt.Legend(title=None, labelColor=colours.ink, symbolFillColor=colours.ink, symbolOpacity=1.0),
    )


def _strokes(dots: Sequence[ImageDots], ends: tuple[str, str], colours: Palette) -> alt.Chart:
    by_model = {one.model: one for one in dots}
    rows = []
    if set(ends) <= by_model.keys():
        start, end = (by_model[model] for model in ends)
        rows = [
            {"x": a, "y": b, "x2": c, "y2": d}
            for a, b, c, d in zip(start.x, start.y, end.x, end.y, strict=True)
        ]
    chart: alt.Chart = alt.Chart(pd.DataFrame(rows, columns=["x", "y", "x2", "y2"])).mark_rule(
        color=colours.quiet,
        opacity=0.25,
        strokeWidth=1,
        tooltip=None,  # the points alone answer the mouse
    )
    return chart


def as_address(pixels: Any) -> str:
    """An image, (3, H, W) uint8, as an address that holds the picture itself."""
    return _address(pixels.tobytes(), pixels.shape)


@lru_cache(maxsize=_KEPT)
def _address(content: bytes, shape: tuple[int, int, int]) -> str:
    pixels = np.frombuffer(content, np.uint8).reshape(shape)
    picture = Image.fromarray(pixels.transpose(1, 2, 0))
    ratio = max(picture.size) / _THUMBNAIL
    if ratio > 1:
        picture = picture.resize((round(picture.width / ratio), round(picture.height / ratio)))
    elif (times := int(1 / ratio)) > 1:  # whole pixels, as the model sees them
        larger = picture.width * times, picture.height * times
        picture = picture.resize(larger, Image.Resampling.NEAREST)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
