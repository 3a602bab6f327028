"""The ground of all results about one zoo's weights: the weights, their trimming, their memory."""

from analysis.model.layout import Ranges
from analysis.model.scope import Scope, scope_ranges
from analysis.model.segments import Segment, segments
from analysis.model.task_vectors import TaskVectors
from app.bench.remembered import Remembered
from app.bench.trim_cuts import TrimCuts
from cache.store import Store

READING = "Reading all task vectors; the first time on a machine takes some seconds longer"
"""The first time the loops are compiled; then they are kept on disk."""


class WeightResults:
    """The ground that statistics and masks of one zoo stand on."""

    def __init__(self, task_vectors: TaskVectors, store: Store, fingerprint: str) -> None:
        """Compute nothing yet.

        Args:
            task_vectors: Read where they lie.
            store: Where results are kept.
            fingerprint: Of the weights.
        """
        self.vectors = task_vectors
        self.cuts = TrimCuts(task_vectors)
        # Names too: a result holds them, and equal weights may have others.
        self.remembered = Remembered(store, {"weights": fingerprint, "tasks": repr(task_vectors.tasks)})

    def ranges(self, scope: Scope) -> Ranges:
        """Columns in scope."""
        return scope_ranges(self.vectors, scope)

    def segments(self, scope: Scope) -> tuple[Segment, ...]:
        """Pieces of the model in scope."""
        return segments(self.vectors.layout, self.ranges(scope))
