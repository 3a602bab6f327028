"""The multi-task vector that TALL masks are made for, slice by slice.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.methods.ties import TiesParams, sign_tally, ties
from analysis.model.layout import Ranges
from analysis.model.task_vectors import TaskVectors
from analysis.weights.redraw import redrawn
from analysis.weights.trim import Trim, magnitude_trim

TIES = TiesParams(density=0.2, merge="sum")
"""As the authors build a multi-task vector for their masks, whatever TIES is otherwise."""

_CHUNK = 1 << 18


class Vector(StrEnum):
    """The multi-task vector that the masks are made for."""

    SUM = "sum"
    """Σ_t τ_t."""
    TIES = "ties"
    """TIES at density 0.2 with the sum of the agreeing tasks, as the authors build it."""


class MultiTaskVector:
    """The task vectors and their multi-task vector, slice by slice, with signs drawn anew if asked."""

    def __init__(
        self,
        task_vectors: TaskVectors,
        ranges: Ranges,
        vector: Vector,
        *,
        cut: Trim | None = None,
        sign_seed: int | None = None,
        check: Callable[[], None],
    ) -> None:
        """Find what TIES must know of the whole vectors: where trimming cuts, and the majority of signs.

        Args:
            task_vectors: Read where they lie.
            ranges: Columns in scope.
            vector: Which.
            cut: From `ties_trim`; found here if TIES needs it and it is None.
            sign_seed: Draws every sign anew first, for a null; None leaves them.
            check: Called often; raises to stop.
        """
        self._deltas = task_vectors.deltas
        self._sign_seed = sign_seed
        self._cut: Trim | None = None
        self._tally: Tensor | None = None
        if vector is Vector.TIES:
            self._ones = torch.ones(task_vectors.n_tasks, device=self._deltas.device)
            self._cut = ties_trim(task_vectors, ranges, check=check) if cut is None else cut
            tally = torch.zeros((), dtype=torch.int64, device=self._deltas.device)
            for low, high in ranges:
                for start, stop in chunks(low, high):
                    check()
                    deltas = self._signed(start, stop)
                    tally = tally + sign_tally(deltas, self._ones, self._cut, TIES, start=start)
            self._tally = tally

    def at(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """The task vectors, (T, n), and the multi-task vector, (n,), of some columns."""
        deltas = self._signed(start, stop)
        if self._cut is None:
            total = torch.zeros_like(deltas[0])
            for tau_t in deltas:
                total += tau_t  # in task order, as the authors' sum of task vectors
            return deltas, total
        return deltas, ties(deltas, self._ones, self._cut, TIES, start=start, tally=self._tally)

    def _signed(self, start: int, stop: int) -> Tensor:
        deltas = self._deltas[:, start:stop]
        return deltas if self._sign_seed is None else redrawn(deltas, self._sign_seed, start=start)


def ties_trim(task_vectors: TaskVectors, ranges: Ranges, *, check: Callable[[], None] = lambda: None) -> Trim:
    """Where TIES trims every task; drawing signs anew moves it nowhere."""
    tasks = range(task_vectors.n_tasks)
    return magnitude_trim(task_vectors.deltas, tasks, ranges, density=TIES.density, check=check)


def ties_threshold(
    task_vectors: TaskVectors,
    ranges: Ranges,
    vector: Vector,
    cut: Trim | None,
    *,
    check: Callable[[], None],
) -> NDArray[np.float32]:
    """Smallest magnitude of each task that the multi-task vector counts, (T,), weight units; 0 in a sum."""
    if vector is Vector.SUM:
        return np.zeros(task_vectors.n_tasks, dtype=np.float32)
    found = ties_trim(task_vectors, ranges, check=check) if cut is None else cut
    threshold: NDArray[np.float32] = found.threshold.numpy()
    return threshold


def chunks(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Stretches of columns small enough that a stop is heard between them."""
    for at in range(start, stop, _CHUNK):
        yield at, min(at + _CHUNK, stop)
