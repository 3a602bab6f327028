"""A value that is computed once: what decides it, how it is computed, how it is looked up."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from app.work.jobs import JobContext

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
Value = TypeVar("Value", covariant=True)


def _never_known() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Measurement(Generic[K, Value]):
    """How one value comes about; making a measurement computes nothing."""

    key: K
    """Whatever decides the value: equal keys promise equal values."""
    compute: Callable[[JobContext], Value]
    """Looks the value up or computes it, and remembers it; on the worker's thread."""
    find: Callable[[], Value | None] = _never_known
    """Looks up what was computed before, in another session perhaps; None if it must be computed."""


def together(key: K, measurements: Sequence[Measurement[Any, V]]) -> Measurement[K, tuple[V, ...]]:
    """Several measurements as one, whose value is known when all of them are."""

    def find() -> tuple[V, ...] | None:
        found: list[V] = []
        for one in measurements:
            value = one.find()
            if value is None:
                return None
            found.append(value)
        return tuple(found)

    return Measurement(key, lambda context: tuple(one.compute(context) for one in measurements), find)
