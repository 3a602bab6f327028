"""Images inside a frame drawn on the plane, those whose answer changes first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.views.map.images import ImageFeatures
from app.words.numbers import count

MOST = 24
"""Images shown at once."""

Frame = Mapping[str, Sequence[float]]
"""Two ends of x and two of y, in either order."""


@dataclass(frozen=True, eq=False, slots=True)
class FramedImage:
    """An image and what becomes of its answer from one model to another."""

    pixels: NDArray[np.uint8]
    """(3, H, W)."""
    name: str
    """Of its class."""
    before: bool
    after: bool

    @property
    def is_flipped(self) -> bool:
        """Whether only one of the two answers is right."""
        return self.before != self.after


def framed(features: ImageFeatures, ends: tuple[str, str], frame: Frame) -> list[FramedImage]:
    """Every image that has one of its points in the frame: flipped ones first, else as they are evaluated.

    Args:
        features: What is drawn.
        ends: Models from which and to which answers are compared.
        frame: Where to look.
    """
    inside = np.zeros(len(features.labels), bool)
    (left, right), (bottom, top) = (sorted(frame[axis]) for axis in ("x", "y"))
    for points in features.points.values():
        x, y = points.T
        inside |= (left <= x) & (x <= right) & (bottom <= y) & (y <= top)
    before, after = (features.correct[model] for model in ends)
    found = [
        FramedImage(
            features.images[k],
            features.classes[features.labels[k]],
            bool(before[k]),
            bool(after[k]),
        )
        for k in np.flatnonzero(inside)
    ]
    return sorted(found, key=lambda image: not image.is_flipped)


def framed_sentence(found: Sequence[FramedImage], ends: tuple[str, str]) -> str:
    """How many images the frame holds, and what becomes of them."""
    if not found:
        return "No image has a point in the frame."
    corrected = sum(image.after and not image.before for image in found)
    lost = sum(image.before and not image.after for image in found)
    shown = f"; the first {MOST} are shown" if len(found) > MOST else ""
    return (
        f"In the frame: {count(len(found))} image{'s' * (len(found) != 1)}. From {ends[0]} to {ends[1]}, "
        f"{corrected} corrected and {lost} lost{shown}."
    )
