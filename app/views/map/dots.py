"""Points of one colour on a plane."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dots:
    """Points that share a colour and a symbol."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    labels: Sequence[str]
    """What each point is, for the mouse and, where there are few, beside it."""
    keys: Sequence[Sequence[str]]
    """What a click on each point gives."""
