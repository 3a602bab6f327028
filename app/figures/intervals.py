"""Intervals around measured values, as bars without ends."""

from collections.abc import Sequence
from typing import Any


def interval(
    values: Sequence[float | None],
    lows: Sequence[float | None],
    highs: Sequence[float | None],
    colour: str,
    *,
    thickness: int = 2,
) -> dict[str, Any]:
    """Error bars from low to high; where one of the three is unknown there is none.

    >>> bars = interval([0.5], [0.25], [0.625], "#000000")
    >>> bars["arrayminus"], bars["array"]
    ([0.25], [0.125])
    """
    return {
        "type": "data",
        "symmetric": False,
        "array": [_gap(high, value) for high, value in zip(highs, values, strict=True)],
        "arrayminus": [_gap(value, low) for value, low in zip(values, lows, strict=True)],
        "color": colour,
        "thickness": thickness,
        "width": 0,
    }


def _gap(upper: float | None, lower: float | None) -> float | None:
    return None if upper is None or lower is None else upper - lower
