"""Consensus: add the task vectors, and keep what enough TALL masks keep.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from dataclasses import dataclass
from math import ceil

import torch
from torch import Tensor

from analysis.kernels.fused import Buffers, Slice
from analysis.kernels.scale import write_scaled
from analysis.kernels.weighted_sum import weighted_sum
from analysis.masks.consensus_mask import consensus_mask
from analysis.masks.ties_sum import TiesCut, ties_cut, ties_sum, weighted_tally, whole_tally
from analysis.merge.params import choice, param
from analysis.merge.registry import Check, Ranges, merge_method

_CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class ConsensusParams:
    """Settings of consensus merging."""

    min_tasks: float = param(
        2.0,
        low=0.0,
        high=32.0,
        step=1.0,
        meaning="masks that must keep a weight: 1 drops catastrophic ones, 2 selfish ones too",
        has_limits=False,  # 0 keeps all, more than there are tasks nothing
    )
    tall_lambda: float = param(
        0.4, low=0.0, high=1.5, step=0.05, meaning="λ of every mask: larger values keep fewer weights"
    )
    vector: str = choice(
        "sum", options=("sum", "ties"), meaning="what is masked: the sum, or TIES at density 0.2 with sums"
    )


def prepare(
    deltas: Tensor, tasks: tuple[int, ...], ranges: Ranges, params: ConsensusParams, check: Check
) -> TiesCut | None:
    """What TIES must know of the whole vectors; masks see the unweighted tasks, so it is kept."""
    return ties_cut(deltas, tasks, ranges, check=check) if params.vector == "ties" else None


def survey(
    deltas: Tensor, weights: Tensor, prepared: TiesCut | None, params: ConsensusParams, *, start: int = 0
) -> Tensor:
    """TIES's tally of the weighted tasks; 0 for the sum, which elects nothing."""
    if prepared is None:
        return torch.zeros((), dtype=torch.int64, device=deltas.device)
    return weighted_tally(deltas, weights, prepared.trim, start=start)


class ChunkedConsensus:
    """The reference, a few columns at a time: masks of all columns at once would fill the memory."""

    def __init__(
        self,
        buffers: Buffers,
        tasks: tuple[int, ...],
        weights: Tensor,
        prepared: TiesCut | None,
        params: ConsensusParams,
    ) -> None:
        """Take the rows of `tasks`; for TIES, count the weighted votes of all columns first."""
        self._buffers = buffers
        self._rows = list(tasks)
        self._weights = weights
        self._prepared = prepared
        self._params = params
        self._tally = (
            None
            if prepared is None
            else whole_tally(buffers.deltas, tasks, weights, prepared.trim, prepared.ranges)
        )

    def write(self, columns: Slice) -> None:
        """Write tau_mtl and theta there."""
        for start in range(columns.start, columns.stop, _CHUNK):
            stop = min(start + _CHUNK, columns.stop)
            self._buffers.tau_mtl[start:stop] = consensus(
                self._buffers.deltas[self._rows, start:stop],
                self._weights,
                self._prepared,
                self._params,
                start=start,
                tally=self._tally,
            )
        write_scaled(self._buffers, columns)

    def unsettled(self) -> tuple[Slice, ...]:
        """None: the votes were counted before."""
        return ()


@merge_method(
    name="consensus",
    title="Consensus",
    source="arXiv:2405.07813",
    formula=r"\mathbb{1}\Big[\sum_t m_t \ge <min_tasks>\Big]\odot\tau_{\mathrm{<vector>}}",
    params=ConsensusParams,
    prepare=prepare,
    survey=survey,
    fused=ChunkedConsensus,
    fewest_tasks=lambda params: max(1, ceil(params.min_tasks)),
)
def consensus(
    deltas: Tensor,
    weights: Tensor,
    prepared: TiesCut | None,
    params: ConsensusParams,
    *,
    start: int = 0,
    tally: Tensor | None = None,
) -> Tensor:
    """Keep the weighted multi-task vector where at least `min_tasks` masks of the unweighted tasks do.

    Unlike the authors' code, which chooses λ for each task, all masks share one λ.

    Args and Returns: see `analysis.merge.registry.Combine`.
    """
    if prepared is not None and tally is None:
        tally = weighted_tally(deltas, weights, prepared.trim, start=start)
    ones = torch.ones_like(weights)
    if prepared is None:
        tau_mtl, merged = weighted_sum(deltas, ones), weighted_sum(deltas, weights)
    else:
        tau_mtl = ties_sum(deltas, ones, prepared, start=start)
        merged = ties_sum(deltas, weights, prepared, start=start, tally=tally)
    tall_lambda = torch.tensor(params.tall_lambda, device=deltas.device)
    is_kept = consensus_mask(deltas, tau_mtl, tall_lambda, min_tasks=params.min_tasks)
    return torch.where(is_kept, merged, 0.0)
