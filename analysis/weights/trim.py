"""Trimming: keep each task vector's largest weights by magnitude, model-wide.

Source: Yadav et al., NeurIPS 2023, arXiv:2306.01708; the count kept by default is its authors' code's.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.kernels.order_statistic import smallest_magnitude
from analysis.weights.nth_smallest import nth_smallest

_EVERY_TIE = torch.iinfo(torch.int64).max


@dataclass(frozen=True, slots=True)
class Trim:
    """Where each task's trimming cuts, for any slice of the model."""

    threshold: Tensor
    """Magnitude above which a weight is kept, (T,), weight units."""
    last_tie: Tensor
    """Last column kept among those exactly at the threshold, (T,), int64."""


def magnitude_trim(
    deltas: Tensor,
    tasks: Sequence[int],
    ranges: tuple[tuple[int, int], ...],
    *,
    density: float,
    exact: bool = False,
    check: Callable[[], None] = lambda: None,
) -> Trim:
    """Where to cut so that a share of the n weights in scope survives, per task.

    By default as the TIES authors' code does: keep magnitudes >= the (n - floor(n * density))-th smallest,
    so one weight more than floor(n * density), and every tie; density 1 trims nothing, density 0 keeps
    the single largest; a vector that is mostly exact zeros has threshold 0 and is not trimmed at all.

    Args:
        deltas: Unweighted task vectors, (T, P), weight units.
        tasks: Rows to cut.
        ranges: Columns in scope, [start, stop) pairs, ascending; n is their total length.
        density: Share of weights kept, [0, 1], unitless.
        exact: Keep exactly floor(n * density), ties going to the lowest columns, as in the paper.
        check: Called before every task; raises to stop.

    Returns:
        One cut per task, in the order of `tasks`.
    """
    n = sum(stop - start for start, stop in ranges)
    n_kept = math.floor(n * density)
    cut_of = _exact_cut if exact else _authors_cut
    found = []
    for task in tasks:
        check()
        found.append(cut_of(deltas[task], ranges, n, n_kept))
    threshold = torch.tensor([cut[0] for cut in found], dtype=torch.float32, device=deltas.device)
    return Trim(threshold, torch.tensor([cut[1] for cut in found], device=deltas.device))


def trim(deltas: Tensor, cut: Trim, *, start: int = 0) -> Tensor:
    """The task vectors with every weight that does not survive set to 0, (T, n).

    Args:
        deltas: Task vectors, (T, n), weight units.
        cut: From `magnitude_trim`, for the same tasks.
        start: Column of the flat matrix where these n begin.
    """
    magnitude = deltas.abs()
    columns = torch.arange(start, start + deltas.shape[1], device=deltas.device)
    threshold = cut.threshold[:, None]
    tie_is_kept = (magnitude == threshold) & (columns <= cut.last_tie[:, None])
    return torch.where((magnitude > threshold) | tie_is_kept, deltas, 0.0)


def _authors_cut(
    tau_t: Tensor, ranges: tuple[tuple[int, int], ...], n: int, n_kept: int
) -> tuple[float, int]:
    if n_kept == n:
        return 0.0, _EVERY_TIE
    return _smallest_magnitude(tau_t, ranges, n - n_kept), _EVERY_TIE


def _exact_cut(tau_t: Tensor, ranges: tuple[tuple[int, int], ...], n: int, n_kept: int) -> tuple[float, int]:
    if n_kept == 0:
        return math.inf, -1
    threshold = _smallest_magnitude(tau_t, ranges, n - n_kept + 1)
    n_above = sum(int((tau_t[a:b].abs() > threshold).sum()) for a, b in ranges)
    ties = torch.cat([a + (tau_t[a:b].abs() == threshold).nonzero().flatten() for a, b in ranges])
    return threshold, int(ties[n_kept - n_above - 1])


def _smallest_magnitude(tau_t: Tensor, ranges: tuple[tuple[int, int], ...], rank: int) -> float:
    """The rank-th smallest magnitude over the ranges, counted from 1."""
    if tau_t.device.type == "cpu":
        return smallest_magnitude(tau_t.numpy(), ranges, rank)
    return nth_smallest(torch.cat([tau_t[a:b].abs() for a, b in ranges]), rank)
