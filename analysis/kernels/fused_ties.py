"""TIES slice by slice: one pass, and a second one only over slices where updates cancel exactly."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
from torch import Tensor

from analysis.arrays import Integers, Weights
from analysis.kernels.fused import Buffers, Slice
from analysis.kernels.rows import ROWS, padded
from analysis.kernels.ties import write_ties
from analysis.kernels.ties_many import write_ties_of_many


class FusedTies:
    """tau_mtl by TIES and theta = theta_0 + scaling * tau_mtl, bit for bit the reference.

    Where kept updates cancel exactly, the majority of all signs decides, which is known only after all
    slices. So a majority is guessed, and once it is known, the few slices it matters to are written again.
    """

    def __init__(
        self,
        buffers: Buffers,
        tasks: Sequence[int],
        weights: Tensor,
        *,
        threshold: Weights,
        last_tie: Integers,
        merge: str,
        follows_majority: bool,
    ) -> None:
        """Take the rows of `tasks`.

        Args:
            buffers: Read and written.
            tasks: Rows to merge.
            weights: One per row, (T,).
            threshold: Magnitude above which a weight is kept, one per row, (T,), weight units.
            last_tie: Last column kept among those exactly at the threshold, one per row, (T,).
            merge: "mean", "sum" or "max" of the updates that agree.
            follows_majority: Where kept updates cancel, take the sign elected most often; else merge nothing.
        """
        self._buffers = buffers
        self._tasks = list(tasks)
        self._weights = weights.numpy().astype(np.float32)
        self._threshold = threshold
        self._last_tie = last_tie
        self._merge = merge
        self._follows_majority = follows_majority
        self._cancelled = np.float32(1 if follows_majority else 0)
        self._tallies: dict[Slice, int] = {}
        self._cancelling: set[Slice] = set()

    def write(self, columns: Slice) -> None:
        """Write tau_mtl and theta there, with the majority as it is known so far."""
        counts = [self._write_piece(piece) for piece in self._pieces(columns)]
        self._tallies[columns] = sum(tally for tally, _ in counts)
        if self._follows_majority and any(n_cancelled for _, n_cancelled in counts):
            self._cancelling.add(columns)

    def unsettled(self) -> tuple[Slice, ...]:
        """Slices with cancelling updates, when the majority turned out other than they were written with."""
        majority = np.sign(sum(self._tallies.values()))
        if majority == 0 and self._merge != "max":
            majority = -1  # without a majority the authors' code merges the negative updates
        if not self._cancelling or majority == self._cancelled:
            return ()
        self._cancelled = np.float32(majority)
        return tuple(sorted(self._cancelling))

    def _pieces(self, columns: Slice) -> Iterator[Slice]:
        """Cut where some task keeps its last tie, so that inside a piece a threshold alone decides."""
        ends = {int(column) + 1 for column in self._last_tie if columns.start <= column < columns.stop - 1}
        bounds = [columns.start, *sorted(ends), columns.stop]
        for start, stop in pairwise(bounds):
            yield Slice(start, stop, columns.scaling)

    def _thresholds(self, start: int) -> Weights:
        just_above = np.nextafter(self._threshold, np.float32(np.inf))
        return np.where(start <= self._last_tie, self._threshold, just_above)

    def _write_piece(self, piece: Slice) -> tuple[int, int]:
        here = self._buffers.at(piece)
        deltas, thresholds = here.deltas.numpy(), self._thresholds(piece.start)
        how = (
            self._cancelled,
            np.float32(self._merge == "mean"),
            self._merge == "max",
            here.theta_0.numpy(),
            np.float32(piece.scaling),
            here.tau_mtl.numpy(),
            here.theta.numpy(),
        )
        counts: tuple[int, int]
        if len(self._tasks) <= ROWS:
            rows = padded([deltas[task] for task in self._tasks], deltas[self._tasks[0]])
            weights = padded(list(self._weights), np.float32(0))
            counts = write_ties(rows, weights, padded(list(thresholds), np.float32(0)), *how)
        else:
            counts = write_ties_of_many(deltas, np.array(self._tasks), self._weights, thresholds, *how)
        return counts
