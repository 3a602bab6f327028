"""TIES-Merging: trim, elect signs, merge the tasks that agree.

Source: Yadav et al., NeurIPS 2023, arXiv:2306.01708.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.kernels.fused import Buffers
from analysis.kernels.fused_ties import FusedTies
from analysis.merge.params import choice, param
from analysis.merge.registry import Ranges, merge_method
from analysis.weights.trim import Trim, magnitude_trim, trim


@dataclass(frozen=True, slots=True)
class TiesParams:
    """Settings of TIES-Merging."""

    density: float = param(
        0.2, low=0.0, high=1.0, step=0.05, meaning="share of weights kept by trimming, per task"
    )
    merge: str = choice(
        "mean", options=("mean", "sum", "max"), meaning="what becomes of the updates that agree"
    )
    profile: str = choice(
        "authors",
        options=("authors", "paper"),
        meaning="authors: one weight more, every tie, and cancelled sums follow the majority; "
        "paper: the exact share, and cancelled sums give 0",
    )


def cuts(deltas: Tensor, tasks: tuple[int, ...], ranges: Ranges, params: TiesParams) -> Trim:
    """Where each remaining task is trimmed; weights do not matter, so it is kept while they move."""
    return magnitude_trim(deltas, tasks, ranges, density=params.density, exact=params.profile == "paper")


def sign_tally(
    deltas: Tensor, weights: Tensor, prepared: Trim, params: TiesParams, *, start: int = 0
) -> Tensor:
    """Weights elected positive less weights elected negative; int64, a scalar that adds up over slices."""
    kept = weights[:, None] * trim(deltas, prepared, start=start)
    return elect_sign(kept).sum(dtype=torch.int64)


def elect_sign(kept: Tensor) -> Tensor:
    """Sign of the larger summed mass, (T, n) -> (n,): 1, -1, or 0 where the sum is exactly 0."""
    total = torch.zeros_like(kept[0])
    for tau_t in kept:
        total += tau_t  # in task order, as the fused pass adds
    return total.sign()


def fuse(
    buffers: Buffers, tasks: tuple[int, ...], weights: Tensor, prepared: Trim, params: TiesParams
) -> FusedTies:
    """The same in one CPU pass a slice."""
    follows_majority = params.profile == "authors"
    return FusedTies(buffers, tasks, weights, prepared, merge=params.merge, follows_majority=follows_majority)


@merge_method(
    name="ties",
    title="TIES-Merging",
    source="arXiv:2306.01708",
    formula=r"\operatorname{<merge>}_{t\in\mathcal{A}} w_t\,\hat\tau_t",
    params=TiesParams,
    prepare=cuts,
    survey=sign_tally,
    fused=fuse,
)
def ties(
    deltas: Tensor,
    weights: Tensor,
    prepared: Trim,
    params: TiesParams,
    *,
    start: int = 0,
    tally: Tensor | None = None,
) -> Tensor:
    """Merge, weight by weight, the trimmed and weighted updates whose sign was elected.

    A weight nobody kept stays at the pre-trained value. Where the sum is exactly 0, profile "authors"
    lets the majority of all elected signs decide (without one, the negative updates are merged, and
    merge "max" gives 0); profile "paper" gives 0.

    Args and Returns: see `analysis.merge.registry.Combine`.
    """
    kept = weights[:, None] * trim(deltas, prepared, start=start)
    elected = elect_sign(kept)
    if params.profile == "authors":
        majority = (elected.sum() if tally is None else tally).sign()
        elected = torch.where(elected == 0, majority.to(elected.dtype), elected)
    agrees = torch.where(elected > 0, kept > 0, kept < 0)
    if params.profile == "paper":
        agrees &= elected != 0
    return _merge_agreeing(kept, agrees, elected, params.merge)


def _merge_agreeing(kept: Tensor, agrees: Tensor, elected: Tensor, merge: str) -> Tensor:
    agreeing = torch.where(agrees, kept, 0.0)
    if merge == "max":
        return agreeing.abs().amax(dim=0) * elected + 0.0  # + 0: no negative zeros
    total = torch.zeros_like(elected)
    for tau_t in agreeing:
        total += tau_t
    return total if merge == "sum" else total / agrees.sum(dim=0).clamp(min=1)
