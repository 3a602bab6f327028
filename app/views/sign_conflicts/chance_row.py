"""One row of a chart: a value beside the interval in which chance would put it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChanceRow:
    """What is drawn in one row."""

    name: str
    value: float | None
    """None where there is nothing to show."""
    low: float
    """Lower end of the interval chance gives; equal to `high` while it is not known."""
    high: float
    side: int
    """1 where the value counts as worse than chance, −1 as better, 0 as no different."""
    hover: str
