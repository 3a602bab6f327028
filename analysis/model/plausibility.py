"""Signs that fine-tuned models do not stem from the base they are compared with.

OpenAI's and LAION's weights of one architecture have the same names and shapes, so no other check finds a
wrong base; an update that is mostly the distance between two bases shows it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.model.layout import Ranges, chunks
from analysis.model.task_vectors import TaskVectors

_LARGE_UPDATE = 0.5
"""Median ‖τ_t‖ / ‖θ_0‖ above which updates look like another base; fine-tuning changes a few percent."""

_COMMON_OFFSET = 0.4
"""Cosine that every pair of tasks exceeds when all updates share the way from another base."""

_CHUNK = 1 << 20
_TILE = 1 << 16  # columns of all tasks that stay in the cache while their products are summed up

_LEAST, _MOST = 2.0**-100, 2.0**120
"""Sums of squares between these lost nothing that counts to float32's ends; 0 may have lost everything."""


@dataclass(frozen=True, slots=True)
class Plausibility:
    """How large and how alike the updates are."""

    relative_norms: tuple[float | None, ...]
    """‖τ_t‖₂ / ‖θ_0‖₂ of each task over the weights in scope, unitless; None where only θ_0 is zero."""
    cosines: tuple[tuple[float, ...], ...]
    """Cosine similarity of the task vectors, (T, T)."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What looks wrong, one sentence each with the number that shows it."""
        found = []
        known = [norm for norm in self.relative_norms if norm is not None]
        median = float(torch.tensor(known).median()) if known else 0.0
        if median > _LARGE_UPDATE:
            found.append(
                f"The updates are large against the base (median ‖τ‖/‖θ₀‖ = {median:.2f}, usual is below "
                f"{_LARGE_UPDATE}): were these models fine-tuned from this base?"
            )
        n = len(self.cosines)
        pairs = [self.cosines[a][b] for a in range(n) for b in range(a)]
        if pairs and min(pairs) > _COMMON_OFFSET:
            found.append(
                f"All task vectors point the same way (smallest cosine {min(pairs):.2f}, usual is below "
                f"{_COMMON_OFFSET}): they may share the difference to another base, such as OpenAI's "
                "against LAION's."
            )
        return tuple(found)


def plausibility(
    task_vectors: TaskVectors, ranges: Ranges, *, check: Callable[[], None] = lambda: None
) -> Plausibility:
    """Measure sizes and cosines of the task vectors over some columns; `check` raises to stop."""
    gram = torch.zeros(task_vectors.n_tasks, task_vectors.n_tasks, dtype=torch.float64)
    base = torch.zeros((), dtype=torch.float64)
    for start, stop in ranges:
        for low, high in chunks(start, stop, size=_CHUNK):
            check()
            # float64 across chunks: a sum of 10⁸ squares loses small terms in float32.
            base += _sum_of_squares(task_vectors.theta_0[low:high])
            for first, last in chunks(low, high, size=_TILE):
                gram += _products(task_vectors.deltas[:, first:last])
    norms = gram.diagonal().sqrt()
    return Plausibility(
        relative_norms=tuple(_ratio(norm, float(base.sqrt())) for norm in norms.tolist()),
        cosines=tuple(tuple(row) for row in _cosines(gram, norms).tolist()),
    )


def _ratio(norm: float, base: float) -> float | None:
    if not norm:
        return 0.0  # also against a base of zeros
    return norm / base if base else None


def _products(rows: Tensor) -> Tensor:
    """Products of every two rows, float64; in float32 where it can hold their squares."""
    products = (rows @ rows.T).double().cpu()
    squares = products.diagonal()
    if all(_LEAST < square < _MOST for square in squares.tolist()):
        return products
    wide = rows.cpu().double()  # Apple's devices have no float64
    return wide @ wide.T


def _sum_of_squares(values: Tensor) -> Tensor:
    squares = values.square().sum().double().cpu()
    return squares if _LEAST < squares < _MOST else values.cpu().double().square().sum()


def _cosines(gram: Tensor, norms: Tensor) -> Tensor:
    # A task that changed nothing has no direction: its cosines are 0.
    return (gram / (norms[:, None] * norms)).nan_to_num(0.0, 0.0, 0.0)
