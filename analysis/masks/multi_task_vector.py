"""The multi-task vector that TALL masks are made for, slice by slice.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import torch
from torch import Tensor

from analysis.arrays import Weights
from analysis.masks.ties_sum import TiesCut, ties_sum, ties_trim, weighted_tally
from analysis.model.layout import Ranges, chunks
from analysis.model.task_vectors import TaskVectors
from analysis.weights.redraw import redrawn
from analysis.weights.trim import Trim


class Vector(StrEnum):
    """The multi-task vector that the masks are made for."""

    SUM = "sum"
    """Σ_t τ_t."""
    TIES = "ties"
    """TIES at density 0.2 with the sum of the agreeing tasks, as the authors build it."""


@dataclass(frozen=True, eq=False, slots=True)
class MaskInputs:
    """What TALL masks are made from, whatever λ is."""

    task_vectors: TaskVectors
    """Read where they lie."""
    ranges: Ranges
    """Columns in scope; they hold whole parameters."""
    vector: Vector = Vector.SUM
    """The multi-task vector."""
    cut: Trim | None = None
    """Where TIES trims all tasks, from `ties_trim` of the same columns; searched when needed if None."""
    sign_seed: int | None = None
    """Seed of the random signs of a null; None keeps the tasks' own signs."""

    def trimming(self, check: Callable[[], None]) -> Trim:
        """Where TIES trims: the cut given, or else searched for; `check` raises to stop."""
        if self.cut is not None:
            return self.cut
        tasks = range(self.task_vectors.n_tasks)
        return ties_trim(self.task_vectors.deltas, tasks, self.ranges, check=check)

    def threshold(self, check: Callable[[], None]) -> Weights:
        """Smallest magnitude that enters the multi-task vector, per task, (T,), weight units; 0 in a sum."""
        if self.vector is Vector.SUM:
            return np.zeros(self.task_vectors.n_tasks, dtype=np.float32)
        threshold: Weights = self.trimming(check).threshold.numpy()
        return threshold


class MultiTaskVector:
    """The task vectors and their multi-task vector, slice by slice, with random signs if asked."""

    def __init__(self, inputs: MaskInputs, *, check: Callable[[], None]) -> None:
        """Find what TIES must know of the whole vectors: where trimming cuts, and the majority of signs.

        Args:
            inputs: Task vectors, columns and which multi-task vector.
            check: Called often; raises to stop.
        """
        self._deltas = inputs.task_vectors.deltas
        self._sign_seed = inputs.sign_seed
        self._ties: TiesCut | None = None
        if inputs.vector is Vector.TIES:
            self._ones = torch.ones(len(self._deltas), device=self._deltas.device)
            cut = inputs.trimming(check)
            tally = torch.zeros((), dtype=torch.int64, device=self._deltas.device)
            for low, high in inputs.ranges:
                for start, stop in chunks(low, high):
                    check()
                    tally = tally + weighted_tally(self._signed(start, stop), self._ones, cut, start=start)
            self._ties = TiesCut(cut, inputs.ranges, tally)

    def at(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """The task vectors, (T, n), and the multi-task vector, (n,), of some columns."""
        deltas = self._signed(start, stop)
        if self._ties is not None:
            return deltas, ties_sum(deltas, self._ones, self._ties, start=start)
        total = torch.zeros_like(deltas[0])
        for tau_t in deltas:
            total += tau_t  # in task order, as the authors' sum of task vectors
        return deltas, total

    def _signed(self, start: int, stop: int) -> Tensor:
        deltas = self._deltas[:, start:stop]
        return deltas if self._sign_seed is None else redrawn(deltas, self._sign_seed, start=start)
