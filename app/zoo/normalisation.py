"""Numbers between an image and its logits, held to what they can be, wherever a zoo states them.

Pixels lie in 0 … 1 before they are normalised; a mean and a deviation for 0 … 255 would make all images
alike, and a scale of 0 all classes: both give an accuracy that means nothing.
"""

from collections.abc import Sequence
from math import inf
from typing import Any

from analysis.documents import shown
from app.errors import ZooError

_N_CHANNELS = 3
_SMALLEST_DEVIATION = 0.001
_SCALES = (0.001, 10_000.0)
"""Ends of the factor between cosines and logits: CLIP's training begins at 14 and ends at 100."""


def require_mean(values: Any, *, where: str) -> None:
    """Refuse a mean of the colour channels that no images have.

    Raises:
        ZooError: It is not three numbers in [0, 1]; the sentence begins with `where`.
    """
    _require_channels(values, 0.0, where)


def require_deviation(values: Any, *, where: str) -> None:
    """Refuse a standard deviation of the colour channels that no images have.

    Raises:
        ZooError: It is not three numbers in [0.001, 1]; the sentence begins with `where`.
    """
    _require_channels(values, _SMALLEST_DEVIATION, where)


def require_logit_scale(value: float, *, where: str) -> None:
    """Refuse a factor between cosine similarities and logits under which logits tell no classes apart.

    Raises:
        ZooError: It is out of range; the sentence begins with `where`.
    """
    low, high = _SCALES
    if not low <= value <= high:
        raise ZooError(
            f"{where} is {shown(value)}; it must lie in [{low:g}, {high:g}], and is 100 in CLIP's own models."
        )


def _require_channels(values: Any, smallest: float, where: str) -> None:
    is_three = isinstance(values, Sequence) and len(values) == _N_CHANNELS
    if not is_three or not all(_is_number(one) for one in values):
        raise ZooError(f"{where} is {shown(values)}; it must be three numbers, one per colour channel.")
    if not all(smallest <= one <= 1 for one in values):
        advice = " Divide by 255: pixels lie in 0 … 1 here." if min(values) > 1 else ""
        raise ZooError(f"{where} is {shown(values)}; each must lie in [{smallest:g}, 1].{advice}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < inf  # nor is NaN
