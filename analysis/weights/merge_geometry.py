"""A merged update against each task's own, group by group: lengths, products, and what it opposes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from analysis.arrays import Numbers

_AT_ONCE = 1 << 18  # columns; float32 sums over as many lose nothing that a chart shows


@dataclass(frozen=True, eq=False, slots=True)
class MergeGeometry:
    """Sums over G groups of weights; groups are joined by adding their sums."""

    l2_squared: Numbers
    """Σ u² of the merged update u, (G,), weight units squared."""
    task_l2_squared: Numbers
    """Σ τ_t², (G, T)."""
    products: Numbers
    """Σ u τ_t, (G, T)."""
    task_l1: Numbers
    """Σ |τ_t|, (G, T), weight units."""
    opposed_l1: Numbers
    """Σ |τ_t| over the weights that u moves the other way than τ_t, (G, T)."""

    @property
    def whole(self) -> "MergeGeometry":
        """All groups as one."""
        return MergeGeometry(
            *(
                sums.sum(axis=0, keepdims=True)
                for sums in (
                    self.l2_squared,
                    self.task_l2_squared,
                    self.products,
                    self.task_l1,
                    self.opposed_l1,
                )
            )
        )

    @property
    def cosines(self) -> Numbers:
        """Cosine of u and each τ_t, (G, T), in [−1, 1]; NaN where one of them is 0."""
        lengths = np.sqrt(self.l2_squared[:, None] * self.task_l2_squared)
        return np.clip(_ratio(self.products, lengths), -1.0, 1.0)

    @property
    def lengths(self) -> Numbers:
        """‖u‖ / ‖τ_t‖, (G, T), unitless; NaN where τ_t is 0."""
        length = np.broadcast_to(np.sqrt(self.l2_squared)[:, None], self.products.shape)
        return _ratio(length, np.sqrt(self.task_l2_squared))

    @property
    def opposed(self) -> Numbers:
        """Share of |τ_t| that u opposes, (G, T), 0 … 1; NaN where τ_t is 0.

        A direction unrelated to τ_t opposes half of it. Of weights that are normally distributed, one of
        cosine ρ opposes (1 − ρ)/2.
        """
        return _ratio(self.opposed_l1, self.task_l1)


def merge_geometry(
    update: Tensor,
    deltas: Tensor,
    groups: Sequence[Sequence[tuple[int, int, float]]],
    *,
    check: Callable[[], None] = lambda: None,
) -> MergeGeometry:
    """Sum up every group.

    Args:
        update: Unscaled, (P,), where the task vectors lie.
        deltas: Task vectors, (T, P).
        groups: Columns [start, stop) of each group, with the factor that scales the update there.
        check: Called before every chunk; raises to stop.

    >>> found = merge_geometry(torch.ones(2), torch.tensor([[3.0, -1.0]]), [[(0, 2, 1.0)]])
    >>> found.opposed, found.cosines.round(3)
    (array([[0.25]]), array([[0.447]]))
    """
    squares = np.zeros(len(groups))
    sums = np.zeros((4, len(groups), len(deltas)))
    for row, group in enumerate(groups):
        for first, last, factor in group:
            for start in range(first, last, _AT_ONCE):
                check()
                stop = min(start + _AT_ONCE, last)
                piece = factor * update[start:stop]
                squares[row] += float(piece.double() @ piece.double())
                sums[:, row] += _sums(piece, deltas[:, start:stop])
    return MergeGeometry(squares, *sums)


def _sums(piece: Tensor, updates: Tensor) -> Numbers:
    size = updates.abs()
    opposed = (updates.sign() * piece.sign()) < 0
    rows = [updates.square().sum(1), updates @ piece, size.sum(1), (size * opposed).sum(1)]
    return torch.stack(rows).double().cpu().numpy()


def cosines_at_right_angles(lengths: Numbers, weights: Numbers) -> Numbers:
    """Cosine of Σ w_t τ_t and each τ_t if the task vectors stood at right angles.

    Args:
        lengths: ‖τ_t‖, (T,).
        weights: w_t, (T,).

    Returns:
        (T,); NaN where the sum is 0.

    >>> cosines_at_right_angles(np.array([1.0, 1.0]), np.array([1.0, 0.0]))
    array([1., 0.])
    """
    parts = weights * lengths
    return _ratio(parts, np.full_like(parts, np.sqrt(float(parts @ parts))))


def _ratio(above: Numbers, below: Numbers) -> Numbers:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)
