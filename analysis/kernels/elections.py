"""Majority of the signs that TIES elects, known only after all weights, and needed where updates cancel.

So it is guessed from what was seen so far, and segments written with a wrong guess are written once more.
"""

from collections.abc import Iterator

import numpy as np

from analysis.arrays import Integers


class Election:
    """Which segments to go through, and the sign taken where updates cancel exactly."""

    def __init__(self, n_segments: int) -> None:
        """Nothing elected yet."""
        self._n_segments = n_segments
        self._tally = 0
        self._is_known = False
        self._in_doubt: dict[float, set[int]] = {-1.0: set(), 1.0: set()}

    @property
    def cancelled(self) -> np.float32:
        """Sign that most weights elected so far; − without a majority, as in the authors' code."""
        return np.float32(1 if self._tally > 0 else -1)

    def rounds(self) -> Iterator[Integers]:
        """All segments; then, if need be, those where the sign taken turned out wrong."""
        yield np.arange(self._n_segments)
        self._is_known = True
        wrong = self._in_doubt[-float(self.cancelled)]
        if wrong:
            yield np.array(sorted(wrong))

    def count(self, segments: Integers, elected: Integers) -> None:
        """Count what some pieces of segments elected, written with the present sign.

        Args:
            segments: The segment of each piece, (N,).
            elected: Weights elected + less weights elected −, and weights that cancel, (N, 2).
        """
        if self._is_known:
            return
        self._in_doubt[float(self.cancelled)].update(segments[elected[:, 1] > 0].tolist())
        self._tally += int(elected[:, 0].sum())
