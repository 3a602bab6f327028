"""TIES-Merging: trim, elect signs, merge the tasks that agree.

Source: Yadav et al., NeurIPS 2023, arXiv:2306.01708.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from analysis.kernels.fused import Buffers
from analysis.kernels.fused_ties import FusedTies
from analysis.merge.params import choice, param
from analysis.merge.registry import SUM_SCALING, Check, Ranges, merge_method
from analysis.weights.election import agreeing, disjoint_sum, elect_sign, follow_majority, sign_tally
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


def cuts(deltas: Tensor, tasks: tuple[int, ...], ranges: Ranges, params: TiesParams, check: Check) -> Trim:
    """Where each remaining task is trimmed; weights do not matter, so it is kept while they change."""
    exact = params.profile == "paper"
    return magnitude_trim(deltas, tasks, ranges, density=params.density, exact=exact, check=check)


def survey(deltas: Tensor, weights: Tensor, prepared: Trim, params: TiesParams, *, start: int = 0) -> Tensor:
    """Weights elected positive less weights elected negative; int64, a scalar that adds up over slices."""
    return sign_tally(weights[:, None] * trim(deltas, prepared, start=start))


def fuse(
    buffers: Buffers, tasks: tuple[int, ...], weights: Tensor, prepared: Trim, params: TiesParams
) -> FusedTies:
    """The same in one CPU pass per slice."""
    follows_majority = params.profile == "authors"
    return FusedTies(
        buffers,
        tasks,
        weights,
        threshold=prepared.threshold.numpy(),
        last_tie=prepared.last_tie.numpy(),
        merge=params.merge,
        follows_majority=follows_majority,
    )


def usual_scaling(params: TiesParams) -> float:
    """1, the paper's without validation, for what is as large as one task's update; a sum is larger."""
    return SUM_SCALING if params.merge == "sum" else 1.0


@merge_method(
    name="ties",
    title="TIES-Merging",
    source="arXiv:2306.01708",
    formula=r"\operatorname{<merge>}_{t\in\mathcal{A}} w_t\,\hat\tau_t",
    params=TiesParams,
    prepare=cuts,
    survey=survey,
    fused=fuse,
    usual_scaling=usual_scaling,
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

    A weight that no task kept stays at the pre-trained value. Where the sum is exactly 0, profile "authors"
    lets the majority of all elected signs decide (without one, the negative updates are merged, and
    merge "max" gives 0); profile "paper" gives 0.

    Args and Returns: see `analysis.merge.registry.Combine`.
    """
    kept = weights[:, None] * trim(deltas, prepared, start=start)
    elected = elect_sign(kept)
    if params.profile == "authors":
        elected = follow_majority(elected, elected.sum() if tally is None else tally)
    agrees = agreeing(kept, elected)
    if params.profile == "paper":
        agrees &= elected != 0
    if params.merge == "max":
        largest = torch.where(agrees, kept, 0.0).abs().amax(dim=0)
        return largest * elected + 0.0  # + 0: no negative zeros
    total = disjoint_sum(kept, agrees)
    return total if params.merge == "sum" else total / agrees.sum(dim=0).clamp(min=1)
