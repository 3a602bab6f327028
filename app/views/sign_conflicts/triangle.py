"""One measure of pairs, drawn as one triangle of a matrix."""

from collections.abc import Sequence
from dataclasses import dataclass

Matrix = Sequence[Sequence[float | None]]


@dataclass(frozen=True, slots=True)
class Triangle:
    """One measure of pairs, on a scale over its neutral value."""

    values: Matrix
    """(T, T), of which one triangle is drawn; None where there is no value."""
    text: Sequence[Sequence[str]]
    """What is written into the cells."""
    neutral: float
    """Value of the scale's middle colour."""
    reach: float
    """Distance from it at which colours are fullest, > 0."""
    ticks: Sequence[tuple[float, str]]
    """Values beside the colour bar, and what is written there."""
    title: str
    is_reversed: bool = False
    """Whether larger values have the colour of worse."""
    notes: Sequence[Sequence[str]] | None = None
    """What is written small below the numbers, where there is room."""

    def above_neutral(self, value: float) -> float:
        """Distance from the neutral value, positive on the side that has the colour of better."""
        return (self.neutral - value) if self.is_reversed else (value - self.neutral)
