"""Cells of measured changes, as a heat map shows them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChangeCells:
    """Rows by columns; cells that are not measured are empty."""

    values: list[list[float | None]]
    """Coloured; None where nothing was measured."""
    text: list[list[str]]
    hover: list[list[str]]
    hatched: list[list[bool]]
    """Whether a measured change is not significant."""
    largest: float
    """End of the colours to both sides; > 0."""
    unit: str
