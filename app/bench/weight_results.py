"""What every result about one zoo's weights shares: the weights, where they are trimmed, and its key."""

from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar

from analysis.model.layout import Ranges
from analysis.model.scope import Scope, scope_ranges
from analysis.model.segments import Segment, segments
from analysis.model.task_vectors import TaskVectors
from app.bench.remembered import Remembered
from app.bench.trim_cuts import TrimCuts
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.keys import ResultKey
from cache.store import Arrays

VERSION = 1
"""Raise when a result changes its numbers."""

READING = "Reading all task vectors; the first time on a machine takes some seconds longer"
"""The first time the loops are compiled; then they are kept on disk."""


class Scoped(Hashable, Protocol):
    """Settings of a result about the weights in one scope."""

    @property
    def scope(self) -> Scope:
        """Which weights count."""


S = TypeVar("S", bound=Scoped)
V = TypeVar("V")


class WeightResults:
    """The ground that statistics and masks of one zoo stand on."""

    def __init__(self, task_vectors: TaskVectors, remembered: Remembered, fingerprint: str) -> None:
        """Compute nothing yet.

        Args:
            task_vectors: Read where they lie.
            remembered: Where results are kept.
            fingerprint: Of the weights.
        """
        self.vectors = task_vectors
        self.cuts = TrimCuts(task_vectors)
        self._remembered = remembered
        self._fingerprint = fingerprint

    def ranges(self, scope: Scope) -> Ranges:
        """Columns in scope."""
        return scope_ranges(self.vectors, scope)

    def segments(self, scope: Scope) -> tuple[Segment, ...]:
        """Pieces of the model in scope."""
        return segments(self.vectors.layout, self.ranges(scope))

    def measurement(
        self,
        name: str,
        settings: S,
        compute: Callable[[JobContext], Arrays],
        read: Callable[[Arrays], V],
        **inputs: object,
    ) -> Measurement[S, V]:
        """A result under some settings, computed once.

        Args:
            name: Of the computation.
            settings: What a page calls the result by.
            compute: Gives it as arrays, on the worker's thread.
            read: Makes it of these arrays.
            inputs: Whatever it depends on beside the weights and their scope.
        """
        # Names too: a result holds them, and equal weights may have others.
        known = {
            "weights": self._fingerprint,
            "tasks": repr(self.vectors.tasks),
            "scope": settings.scope.value,
        }
        others = {name: repr(value) for name, value in inputs.items()}
        return self._remembered.measurement(settings, ResultKey(name, VERSION, known | others), compute, read)
