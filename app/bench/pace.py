"""Seconds that a merge and its evaluation take on this machine, by what was measured so far."""

from collections.abc import Iterable
from typing import NamedTuple

LATEST = 0.3
"""Weight of the latest measurement against those before it."""


class Timing(NamedTuple):
    """What one measured merge has taken."""

    kind: str
    """Name of its method, or of whatever else made the update."""
    merge_seconds: float
    evaluate_seconds: float
    n_images: int
    """Images of all tasks and controls together."""


class Pace:
    """Running means of one zoo: seconds per merge of a kind, and per image."""

    def __init__(self, before: Iterable[Timing] = ()) -> None:
        """Start with what was measured before, oldest first."""
        self._merges: dict[str, float] = {}
        self._per_image: float | None = None
        for timing in before:
            self.add(timing)

    def add(self, timing: Timing) -> None:
        """Learn from one more measurement; only the worker calls it."""
        kind, seconds = timing.kind, timing.merge_seconds
        self._merges[kind] = _mean(self._merges.get(kind), seconds)
        if timing.n_images:
            self._per_image = _mean(self._per_image, timing.evaluate_seconds / timing.n_images)

    def seconds(self, kind: str, n_images: int) -> float | None:
        """Expected time of one merge with its evaluation; None before anything was measured.

        A kind that was never measured counts as the mean of those that were.
        """
        merges = self._merges.copy()  # any thread may ask
        if not merges or self._per_image is None:
            return None
        merge = merges.get(kind, sum(merges.values()) / len(merges))
        return merge + n_images * self._per_image


def _mean(before: float | None, seconds: float) -> float:
    return seconds if before is None else before + LATEST * (seconds - before)
