"""What the weights of one zoo say, computed once: statistics, their nulls, masks."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from analysis.scope import Scope, scope_ranges
from analysis.statistics import Statistics, statistics
from analysis.task_vectors import TaskVectors
from analysis.trim import magnitude_trim
from app.services.jobs import JobContext
from cache.store import Store

KEPT = 32
"""Results kept in memory."""


class Diagnostics:
    """Statistics of one zoo's weights; any thread may look up, only the worker computes."""

    def __init__(self, task_vectors: TaskVectors, store: Store, fingerprint: str) -> None:
        """Start with nothing computed.

        Args:
            task_vectors: Read where they lie.
            store: Where results are remembered.
            fingerprint: Of the weights.
        """
        self._vectors = task_vectors
        self._store = store
        self._fingerprint = fingerprint
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def statistics(
        self,
        scope: Scope,
        context: JobContext,
        *,
        density: float | None = None,
        sign_seed: int | None = None,
    ) -> Statistics:
        """Statistics of the weights in scope, trimmed to a density or with signs drawn anew if asked."""

        def compute() -> Statistics:
            ranges, cut = scope_ranges(self._vectors, scope), None
            if density is not None:
                context.report(None, "Finding where trimming cuts")
                rows = range(self._vectors.n_tasks)
                cut = magnitude_trim(self._vectors.deltas, rows, ranges, density=density)
            return statistics(self._vectors, ranges, cut=cut, sign_seed=sign_seed, check=context.check)

        found: Statistics = self._get(("statistics", scope, density, sign_seed), compute)
        return found

    def known_statistics(
        self, scope: Scope, *, density: float | None = None, sign_seed: int | None = None
    ) -> Statistics | None:
        """What `statistics` gave before; None if it must be computed."""
        return self._kept.get(("statistics", scope, density, sign_seed))

    def _get(self, key: Hashable, compute: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = compute()
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]
