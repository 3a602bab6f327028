"""A value that is computed once: what decides it, how it is computed, how it is looked up, what it costs."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.work.jobs import JobContext

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", covariant=True)


def _never_known() -> None:
    return None


@dataclass(frozen=True, slots=True)
class Measurement(Generic[K, V]):
    """How one value comes about; making a measurement computes nothing."""

    key: K
    """Whatever decides the value: equal keys promise equal values."""
    compute: Callable[[JobContext], V]
    """Looks the value up or computes it, and remembers it; on the worker's thread."""
    find: Callable[[], V | None] = _never_known
    """Looks up what was computed before, in another session perhaps; None if it must be computed."""
    identity: Hashable | None = None
    """What decides the value among all zoos and pages, not only where its key is used: two who want it at
    once share the work. None if it is not shared."""
    seconds: Callable[[], float | None] = _never_known
    """About how long computing takes on this machine; None while that is not known."""
