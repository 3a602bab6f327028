"""Results computed once: the latest at hand, all of them in the store."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from threading import Lock
from typing import Any, TypeVar, cast

from cachetools import LRUCache

from app.work.jobs import JobContext
from app.work.measurement import Measurement
from cache.keys import ResultKey
from cache.shipped import Shipped
from cache.store import Arrays, Store

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

VERSION = 3
"""Raise when a result changes its numbers."""

KEPT = 48
"""Results at hand."""


class Remembered:
    """Measurements whose values outlive the process; any thread may look them up."""

    def __init__(self, store: Store, inputs: Mapping[str, str], *, shipped: Shipped | None = None) -> None:
        """Start with what the store remembers.

        Args:
            store: Where results are kept.
            inputs: What all of these results depend on, such as the zoo's fingerprint.
            shipped: Results that came with the zoo, on whichever device they were computed.
        """
        self._shipped = shipped or Shipped()
        self._store = store
        self._inputs = inputs
        self._recent: LRUCache[str, object] = LRUCache(KEPT)
        self._lock = Lock()

    def measurement(
        self,
        name: str,
        settings: K,
        compute: Callable[[JobContext], Arrays],
        read: Callable[[Arrays], V],
        **inputs: object,
    ) -> Measurement[K, V]:
        """A value that is looked up at hand, then in the store, then computed.

        Args:
            name: Of the computation.
            settings: What a page calls the value by.
            compute: Gives the value as arrays, on the worker's thread.
            read: Makes the value of these arrays.
            inputs: Whatever else the value depends on.
        """
        others = {name: repr(value) for name, value in inputs.items()}
        key = ResultKey(name, VERSION, {**self._inputs, **others})
        digest = key.digest()
        elsewhere = ResultKey(name, VERSION, {**self._inputs, "device": self._shipped.device, **others})

        def kept() -> Arrays | None:
            arrays = self._store.known_result(key)
            return self._shipped.numbers(elsewhere.digest()) if arrays is None else arrays

        def computed(context: JobContext) -> V:
            known = self._at_hand(digest)
            if known is None:
                arrays = kept()
                if arrays is None:
                    arrays = self._store.result(key, lambda: compute(context))
                known = self._keep(digest, read(arrays))
            return cast(V, known)

        def find() -> V | None:
            known = self._at_hand(digest)
            if known is None and (arrays := kept()) is not None:
                known = self._keep(digest, read(arrays))
            return cast("V | None", known)

        return Measurement(settings, computed, find, identity=digest)

    def _at_hand(self, digest: str) -> object | None:
        with self._lock:
            return self._recent.get(digest)

    def _keep(self, digest: str, value: object) -> object:
        with self._lock:
            self._recent[digest] = value
        return value


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

    identities = tuple(one.identity for one in measurements)
    return Measurement(
        key,
        lambda context: tuple(one.compute(context) for one in measurements),
        find,
        identity=None if None in identities else identities,
    )
