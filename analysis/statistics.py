"""What the weights alone say: sizes, directions, signs and magnitudes of every task's update."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.layout import Ranges
from analysis.redraw import redrawn
from analysis.segments import Segment, segments
from analysis.task_vectors import TaskVectors
from analysis.trim import Trim, trim

K = TypeVar("K", bound=Hashable)

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

BINS = 96
"""Bins of magnitudes: two for each power of two from 2⁻⁴⁰ to 2⁸; the outer two hold what lies beyond."""

_LOWEST = -40
_CHUNK = 1 << 18


def bin_edges() -> Numbers:
    """Edges of the magnitude bins, (BINS + 1,): 2^e and 1.5 · 2^e, as a float's first bits tell them."""
    powers = 2.0 ** np.arange(_LOWEST, _LOWEST + BINS // 2)
    return np.append(np.stack([powers, 1.5 * powers], axis=1).ravel(), 2 * powers[-1])


@dataclass(frozen=True, eq=False, slots=True)
class Sums:
    """Counts and sums over groups of weights; those of two groups together are theirs added up."""

    n: Counts
    """Weights, (G,)."""
    base_l2_squared: Numbers
    """Σ θ_0², (G,)."""
    l1: Numbers
    """Σ |τ_t|, (G, T)."""
    max: Numbers
    """Largest |τ_t|, (G, T)."""
    zeros: Counts
    """Weights a task did not move, (G, T)."""
    gram: Numbers
    """Σ τ_i τ_j, (G, T, T)."""
    absolute_gram: Numbers
    """Σ |τ_i| |τ_j|, (G, T, T)."""
    agree: Counts
    """Weights both tasks move the same way, (G, T, T); on the diagonal those a task moves."""
    conflict: Counts
    """Weights the two move opposite ways, (G, T, T)."""
    moved_by: Counts
    """Weights moved by 0 … T tasks, (G, T + 1)."""
    unanimous: Counts
    """Those of them whose moves all have one sign, (G, T + 1); none of those nobody moves."""
    sum_l1: Numbers
    """Σ |Σ_t τ_t|, (G,)."""
    sum_l2_squared: Numbers
    """Σ (Σ_t τ_t)², (G,)."""
    outvoted_l1: Numbers
    """Σ |τ_t| where τ_t's sign is opposite to the sign of Σ_t τ_t, (G, T)."""
    histogram: Counts
    """Weights by the bin of |τ_t|, (G, T, BINS); zeros in none."""

    def pooled(self, groups: Sequence[int] | Counts, n_groups: int) -> "Sums":
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
    """One row a segment."""

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

    Args:
        task_vectors: Read where they lie.
        ranges: Columns in scope; they hold whole parameters.
        cut: Trims the task vectors first; made over the same ranges.
        sign_seed: Draws every sign anew first, for the null.
        check: Called often; raises to stop.
    """
    return statistics_reference(task_vectors, ranges, cut=cut, sign_seed=sign_seed, check=check)


def statistics_reference(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    cut: Trim | None = None,
    sign_seed: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> Statistics:
    """The same in plain torch, on any device; see `statistics`."""
    found = segments(task_vectors.layout, ranges)
    rows = []
    for segment in found:
        total = _chunk_sums(task_vectors.theta_0[:0], task_vectors.deltas[:, :0])
        for start, stop in _chunks(segment):
            check()
            deltas = task_vectors.deltas[:, start:stop]
            if cut is not None:
                deltas = trim(deltas, cut, start=start)
            if sign_seed is not None:
                deltas = redrawn(deltas, sign_seed, start=start)
            part = _chunk_sums(task_vectors.theta_0[start:stop], deltas)
            total = {
                name: torch.maximum(value, part[name]) if name == "max" else value + part[name]
                for name, value in total.items()
            }
        rows.append(total)
    empty = _chunk_sums(task_vectors.theta_0[:0], task_vectors.deltas[:, :0])
    return Statistics(
        task_vectors.tasks,
        found,
        Sums(
            **{
                name: np.stack([row[name].cpu().numpy() for row in rows])
                if rows
                else np.zeros((0, *value.shape), dtype=value.cpu().numpy().dtype)
                for name, value in empty.items()
            }
        ),
    )


def _chunks(segment: Segment) -> Iterator[tuple[int, int]]:
    for start in range(segment.start, segment.stop, _CHUNK):
        yield start, min(start + _CHUNK, segment.stop)


def _chunk_sums(theta_0: Tensor, deltas: Tensor) -> dict[str, Tensor]:
    """Every field of `Sums` for some columns, without the leading axis."""
    n_tasks = len(deltas)
    wide, magnitude = deltas.double(), deltas.abs().double()
    up, down = (deltas > 0).double(), (deltas < 0).double()
    n_up, n_down = up.sum(dim=0), down.sum(dim=0)
    movers = (n_up + n_down).long()
    one_sign = (n_up == 0) != (n_down == 0)
    total = deltas.sum(dim=0)
    opposed = deltas.sign() == -total.sign()[None]
    opposed &= deltas != 0
    bins = torch.stack([_histogram(row) for row in deltas])
    return {
        "n": torch.tensor(deltas.shape[1]),
        "base_l2_squared": theta_0.double().square().sum(),
        "l1": magnitude.sum(dim=1),
        "max": magnitude.amax(dim=1) if deltas.shape[1] else magnitude.sum(dim=1),
        "zeros": (deltas == 0).sum(dim=1),
        "gram": wide @ wide.T,
        "absolute_gram": magnitude @ magnitude.T,
        "agree": (up @ up.T + down @ down.T).long(),
        "conflict": (up @ down.T + down @ up.T).long(),
        "moved_by": torch.bincount(movers, minlength=n_tasks + 1),
        "unanimous": torch.bincount(movers[one_sign], minlength=n_tasks + 1),
        "sum_l1": total.double().abs().sum(),
        "sum_l2_squared": total.double().square().sum(),
        "outvoted_l1": torch.where(opposed, magnitude, 0.0).sum(dim=1),
        "histogram": bins,
    }


def _histogram(tau_t: Tensor) -> Tensor:
    moved = tau_t[tau_t != 0].abs().contiguous()
    # The exponent and the first bit behind the point: half a power of two.
    halves = (moved.view(torch.int32) >> 22).long() - 2 * (127 + _LOWEST)
    return torch.bincount(halves.clamp(0, BINS - 1), minlength=BINS)
