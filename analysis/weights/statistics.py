"""Statistics of the weights alone: sizes, directions, signs and magnitudes of every task's update."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.errors import AnalysisError
from analysis.kernels.magnitudes import BINS, LOWEST
from analysis.kernels.segment_sums import Change, Tally, segment_sums
from analysis.model.layout import Ranges
from analysis.model.segments import Segment, segments
from analysis.model.task_vectors import TaskVectors
from analysis.weights.plain_sums import plain_sums
from analysis.weights.redraw import MOST_ROWS, seed_word
from analysis.weights.trim import Trim

__all__ = ["BINS", "Statistics", "Sums", "bin_edges", "statistics", "statistics_reference"]

K = TypeVar("K", bound=Hashable)


def bin_edges() -> Numbers:
    """Edges of the magnitude bins, (BINS + 1,): 2^e and 1.5 · 2^e, as a float's first bits hold them."""
    powers = 2.0 ** np.arange(LOWEST, LOWEST + BINS // 2)
    return np.append(np.stack([powers, 1.5 * powers], axis=1).ravel(), 2 * powers[-1])


@dataclass(frozen=True, eq=False, slots=True)
class Sums:
    """Counts and sums over groups of weights; those of two groups together are theirs added up."""

    n: Integers
    """Weights, (G,)."""
    base_l2_squared: Numbers
    """Σ θ_0², (G,)."""
    l1: Numbers
    """Σ |τ_t|, (G, T)."""
    max: Numbers
    """Largest |τ_t|, (G, T)."""
    zeros: Integers
    """Weights a task did not change, (G, T)."""
    gram: Numbers
    """Σ τ_i τ_j, (G, T, T)."""
    absolute_gram: Numbers
    """Σ |τ_i| |τ_j|, (G, T, T)."""
    squared_gram: Numbers
    """Σ τ_i² τ_j², (G, T, T): with random signs, the variance of Σ τ_i τ_j for i ≠ j."""
    agree: Integers
    """Weights both tasks change with one sign, (G, T, T); on the diagonal those a task changes."""
    conflict: Integers
    """Weights the two change with opposite signs, (G, T, T)."""
    moved_by: Integers
    """Weights changed by 0 … T tasks, (G, T + 1)."""
    unanimous: Integers
    """Those of them whose updates all have one sign, (G, T + 1); 0 for those no task changes."""
    sum_l1: Numbers
    """Σ |Σ_t τ_t|, (G,)."""
    sum_l2_squared: Numbers
    """Σ (Σ_t τ_t)², (G,)."""
    outvoted_l1: Numbers
    """Σ |τ_t| where τ_t's sign is opposite to the sign of Σ_t τ_t, (G, T)."""
    histogram: Integers
    """Weights by the bin of |τ_t|, (G, T, BINS); zeros in none."""

    def at(self, rows: Sequence[int]) -> "Sums":
        """Some of the groups, in this order."""
        where = np.asarray(rows, dtype=np.int64)
        return Sums(**{field.name: getattr(self, field.name)[where] for field in fields(self)})

    def pooled(self, groups: Sequence[int] | Integers, n_groups: int) -> "Sums":
        """Add up the rows with equal group numbers.

        Args:
            groups: Number of each row's group, 0 … n_groups − 1, (G,).
            n_groups: Groups afterwards.
        """
        where = np.asarray(groups, dtype=np.int64)
        pooled = {}
        for field in fields(self):
            values = getattr(self, field.name)
            total = np.zeros((n_groups, *values.shape[1:]), dtype=values.dtype)
            (np.maximum if field.name == "max" else np.add).at(total, where, values)
            pooled[field.name] = total
        return Sums(**pooled)


@dataclass(frozen=True, eq=False, slots=True)
class Statistics:
    """Sums of every segment in scope."""

    tasks: tuple[str, ...]
    segments: tuple[Segment, ...]
    sums: Sums
    """One row per segment."""

    @property
    def total(self) -> Sums:
        """All segments together, one row."""
        return self.sums.pooled(np.zeros(len(self.segments), dtype=np.int64), 1)

    def by(self, key: Callable[[Segment], K]) -> tuple[tuple[K, ...], Sums]:
        """The segments' groups in the order they are first seen, and the sums of each."""
        keys = [key(segment) for segment in self.segments]
        numbers = {one: number for number, one in enumerate(dict.fromkeys(keys))}
        return tuple(numbers), self.sums.pooled([numbers[one] for one in keys], len(numbers))


def statistics(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    cut: Trim | None = None,
    sign_seed: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> Statistics:
    """Read all task vectors once and sum up every segment.

    Counts are exact. Sums are float64 but for products of two tasks, which are float32 over runs of some
    tens of weights.

    Args:
        task_vectors: Read where they lie.
        ranges: Columns in scope; they hold whole parameters.
        cut: Trims the task vectors first; made over the same ranges.
        sign_seed: Seed of random signs, for the null; None keeps the signs.
        check: Called often; raises to stop.

    Raises:
        AnalysisError: Signs are to be drawn for more tasks than can be.
    """
    fused = task_vectors.deltas.device.type == "cpu"
    return _statistics(_fused_sums if fused else plain_sums, task_vectors, ranges, cut, sign_seed, check)


def statistics_reference(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    cut: Trim | None = None,
    sign_seed: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> Statistics:
    """The same in plain torch, on any device; see `statistics`."""
    return _statistics(plain_sums, task_vectors, ranges, cut, sign_seed, check)


def _statistics(
    sums: Callable[..., Tally],
    task_vectors: TaskVectors,
    ranges: Ranges,
    cut: Trim | None,
    sign_seed: int | None,
    check: Callable[[], None],
) -> Statistics:
    if sign_seed is not None and task_vectors.n_tasks > MOST_ROWS:
        raise AnalysisError(
            f"The zoo has {task_vectors.n_tasks} tasks; random signs are drawn for at most {MOST_ROWS}. "
            "Leave some tasks out."
        )
    found = segments(task_vectors.layout, ranges)
    tally = sums(task_vectors, [(s.start, s.stop) for s in found], cut, sign_seed, check)
    n = np.array([segment.n_weights for segment in found], dtype=np.int64)
    return Statistics(task_vectors.tasks, found, Sums(n=n, **tally._asdict()))


def _fused_sums(
    task_vectors: TaskVectors,
    bounds: Sequence[tuple[int, int]],
    cut: Trim | None,
    sign_seed: int | None,
    check: Callable[[], None],
) -> Tally:
    change = Change(
        threshold=np.zeros(0, np.int32) if cut is None else cut.threshold.numpy().view(np.int32),
        last_tie=np.zeros(0, np.int64) if cut is None else cut.last_tie.numpy(),
        redraws=sign_seed is not None,
        seed=np.uint32(0 if sign_seed is None else seed_word(sign_seed)),
    )
    return segment_sums(
        task_vectors.theta_0.numpy(), task_vectors.deltas.numpy(), bounds, change, check=check
    )
