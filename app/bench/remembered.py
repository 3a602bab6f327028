"""Results computed once: the latest at hand, all of them in the store."""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from app.bench.recent import Recent
from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.keys import ResultKey
from cache.store import Arrays, Store

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

KEPT = 48
"""Results at hand."""


class Remembered:
    """Measurements whose values outlive the process; any thread may look them up."""

    def __init__(self, store: Store) -> None:
        """Start with what the store remembers."""
        self._store = store
        self._recent: Recent[str, object] = Recent(KEPT)

    def measurement(
        self,
        settings: K,
        key: ResultKey,
        compute: Callable[[JobContext], Arrays],
        read: Callable[[Arrays], V],
    ) -> Measurement[K, V]:
        """A value that is looked up at hand, then in the store, then computed.

        Args:
            settings: What a page calls the value by.
            key: Whatever the value depends on.
            compute: Gives the value as arrays, on the worker's thread.
            read: Makes the value of these arrays.
        """
        name = key.digest()

        def computed(context: JobContext) -> V:
            known = self._recent.get(name)
            if known is not None:
                return cast(V, known)
            arrays = self._store.result(key, lambda: compute(context))
            return cast(V, self._recent.put(name, read(arrays)))

        def find() -> V | None:
            known = self._recent.get(name)
            if known is not None:
                return cast(V, known)
            arrays = self._store.known_result(key)
            return None if arrays is None else cast(V, self._recent.put(name, read(arrays)))

        return Measurement(settings, computed, find)
