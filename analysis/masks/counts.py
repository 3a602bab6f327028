"""Counts of the weights TALL masks keep, with the signs and mass behind every count.

A count of masks is not agreement: where all tasks change a weight alike, their sum exceeds every one of
them and no mask keeps it; so every count comes with the signs and the mass behind it.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from analysis.arrays import Integers, Numbers
from analysis.model.segments import Segment

K = TypeVar("K", bound=Hashable)


MOST_PATTERNS = 12
"""Tasks up to which every combination of masks is counted."""


@dataclass(frozen=True, eq=False, slots=True)
class MaskSums:
    """Counts and sums over groups of weights; those of two groups together are theirs added up."""

    n: Integers
    """Weights, (G,)."""
    untouched: Integers
    """Weights no task changed, (G,); no mask keeps them, and they are not catastrophic."""
    kept: Integers
    """Weights each task's mask keeps, (G, T)."""
    kept_by: Integers
    """Weights kept by 0 … T masks, (G, T + 1); untouched ones are in the first."""
    equal_signs: Integers
    """Those of them that some task changed, all that did with one sign, (G, T + 1)."""
    mass: Numbers
    """Σ_t |τ_t| over them, (G, T + 1)."""
    sum_l1: Numbers
    """|Σ_t τ_t| over them, (G, T + 1)."""
    energy: Numbers
    """τ_MTL² over them, (G, T + 1)."""
    selfish: Integers
    """Weights kept by this task's mask alone, (G, T)."""
    both: Integers
    """Weights two masks keep, (G, T, T); on the diagonal those one keeps."""
    patterns: Integers
    """Weights by the combination of masks that keeps them, (G, 2^T), bit t for task t; (G, 0) if T > 12."""

    @property
    def moved(self) -> Integers:
        """Weights kept by 0 … T masks that some task changed, (G, T + 1)."""
        moved = self.kept_by.copy()
        moved[:, 0] -= self.untouched
        return moved

    def pooled(self, groups: Sequence[int] | Integers, n_groups: int) -> "MaskSums":
        """Add up the rows with equal group numbers.

        Args:
            groups: Number of each row's group, 0 … n_groups − 1, (G,).
            n_groups: Groups afterwards.
        """
        pooled = {}
        for field in fields(self):
            values = getattr(self, field.name)
            pooled[field.name] = np.zeros((n_groups, *values.shape[1:]), dtype=values.dtype)
            np.add.at(pooled[field.name], np.asarray(groups, dtype=np.int64), values)
        return MaskSums(**pooled)


@dataclass(frozen=True, eq=False, slots=True)
class MaskCounts:
    """Counts of every segment in scope."""

    tasks: tuple[str, ...]
    segments: tuple[Segment, ...]
    sums: MaskSums
    """One row per segment."""

    @property
    def total(self) -> MaskSums:
        """All segments together, one row."""
        return self.sums.pooled(np.zeros(len(self.segments), dtype=np.int64), 1)

    def by(self, key: Callable[[Segment], K]) -> tuple[tuple[K, ...], MaskSums]:
        """The segments' groups in the order they are first seen, and the sums of each."""
        keys = [key(segment) for segment in self.segments]
        numbers = {one: number for number, one in enumerate(dict.fromkeys(keys))}
        return tuple(numbers), self.sums.pooled([numbers[one] for one in keys], len(numbers))
