"""Thresholds that trim the tasks of one zoo: found by a long search, and independent of λ and signs."""

from cachetools import LRUCache

from analysis.model.scope import Scope, scope_ranges
from analysis.model.task_vectors import TaskVectors
from analysis.weights.trim import Trim, magnitude_trim
from app.work.jobs import JobContext

_KEPT = 48


class TrimCuts:
    """Cuts by scope and density, the latest kept; only the worker asks for them."""

    def __init__(self, task_vectors: TaskVectors) -> None:
        """Start with nothing searched."""
        self._vectors = task_vectors
        self._recent: LRUCache[tuple[Scope, float], Trim] = LRUCache(_KEPT)

    def at(self, scope: Scope, density: float, context: JobContext) -> Trim:
        """The cut that keeps this share of each task's weights in scope; on the worker's thread."""
        known = self._recent.get((scope, density))
        if known is not None:
            return known
        context.report(None, "Finding where trimming cuts")
        deltas, tasks = self._vectors.deltas, range(self._vectors.n_tasks)
        ranges = scope_ranges(self._vectors, scope)
        found = magnitude_trim(deltas, tasks, ranges, density=density, check=context.check)
        self._recent[scope, density] = found
        return found
