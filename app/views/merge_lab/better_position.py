"""A measured position of the strip that is clearly better than where the slider stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from app.bench.runs import Run, compare
from app.session.strip import StripPoint
from app.words.numbers import fixed, percent


@dataclass(frozen=True, slots=True)
class BetterPosition:
    """The best measured position of one slider, beside the present one on the same images."""

    value: float
    accuracy: float
    """Mean over the tasks there, 0 … 1."""
    accuracy_here: float
    """Mean over the tasks where the slider stands, 0 … 1."""
    n_positions: int
    """Positions measured, the present one included."""


def better_position(points: Sequence[StripPoint], here: float) -> BetterPosition | None:
    """The best of the measured positions, if it is clearly above the present one.

    Clearly: the 95 % interval of the paired difference leaves out 0.

    Args:
        points: Measured positions; all else in their recipes is the same.
        here: Where the slider stands.

    Returns:
        None as long as the present position is not measured, and where nothing is clearly better.
    """
    means = {point.value: point.run.mean.accuracy for point in points}
    known = {value: mean for value, mean in means.items() if mean is not None}
    if here not in known:
        return None
    best = max(known, key=known.__getitem__)
    runs = {point.value: point.run for point in points}
    if known[best] <= known[here] or not _is_above(runs[best], runs[here]):
        return None
    return BetterPosition(best, known[best], known[here], len(known))


def better_sentence(better: BetterPosition, label: str) -> str:
    """What was measured there and here, and on how many positions.

    Args:
        better: The position.
        label: The slider's name.
    """
    return (
        f"Best of {better.n_positions} measured positions: {label} {fixed(better.value, 2)}, mean "
        f"{percent(better.accuracy, 1)} (here {percent(better.accuracy_here, 1)})."
    )


@lru_cache(maxsize=8)  # asked at every look at the page, and the runs do not change
def _is_above(best: Run, here: Run) -> bool:
    difference = compare(best, here).mean
    return difference is not None and difference.low > 0
