"""One thread at a time for each key."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock
from weakref import WeakValueDictionary


class Turns:
    """Locks by key; a lock that no thread holds or awaits is dropped."""

    def __init__(self) -> None:
        self._turns: WeakValueDictionary[str, _Turn] = WeakValueDictionary()
        self._guard = Lock()

    @contextmanager
    def of(self, key: str) -> Iterator[None]:
        """Wait until no other thread is inside with this key."""
        with self._guard:
            turn = self._turns.setdefault(key, _Turn())
        with turn.lock:
            yield

    def __len__(self) -> int:
        """Number of keys held or waited for."""
        return len(self._turns)


class _Turn:
    __slots__ = ("__weakref__", "lock")

    def __init__(self) -> None:
        self.lock = Lock()
