"""Every path a slider can take, against the memory's speed and against a state-dict implementation."""

from collections.abc import Callable, Iterator

import torch

from analysis.kernels.fused import Buffers, FusedMerge, Slice
from analysis.kernels.scale import write_scaled
from analysis.kernels.weighted_sum import FusedWeightedSum
from analysis.methods.ties import TiesParams, cuts, fuse
from analysis.weights.trim import Trim
from benchmarks.floor import floors
from benchmarks.naive import naive_linear, naive_ties
from benchmarks.table import Line
from benchmarks.timing import fastest, medians

_SLICE = 1 << 22
_SCALING = 0.3


def made_up(n_tasks: int, n_weights: int) -> Buffers:
    """Heavy-tailed random task vectors; the values decide nothing but how many weights are trimmed."""
    generator = torch.Generator().manual_seed(0)
    deltas = torch.empty(n_tasks, n_weights)
    for tau_t in deltas:
        torch.randn(n_weights, generator=generator, out=tau_t).pow_(3).mul_(1e-3)
    theta_0 = torch.randn(n_weights, generator=generator)
    return Buffers(theta_0, deltas, torch.zeros(n_weights), torch.zeros(n_weights))


def lines(n_tasks: int, n_weights: int) -> Iterator[Line]:
    """Merge again and again, all ways in turns."""
    buffers = made_up(n_tasks, n_weights)
    tasks, weights, params = tuple(range(n_tasks)), torch.linspace(0.6, 1.3, n_tasks), TiesParams()

    def prepared() -> Trim:
        return cuts(buffers.deltas, tasks, ((0, n_weights),), params, lambda: None)

    def write(merge: FusedMerge) -> None:
        for start in range(0, n_weights, _SLICE):
            merge.write(Slice(start, min(start + _SLICE, n_weights), _SCALING))
        for columns in merge.unsettled():
            merge.write(columns)

    known = prepared()
    paths: dict[str, Callable[[], object]] = {
        "linear": lambda: write(FusedWeightedSum(buffers, tasks, weights)),
        "scale": lambda: write_scaled(buffers, Slice(0, n_weights, _SCALING)),
        "ties": lambda: write(fuse(buffers, tasks, weights, known, params)),
        "ties from scratch": lambda: write(fuse(buffers, tasks, weights, prepared(), params)),
        "naive linear": lambda: naive_linear(buffers, weights, _SCALING),
    }
    seconds = medians(floors(buffers) | paths)
    slow = medians({"naive ties": lambda: naive_ties(buffers, weights, _SCALING)}, repeats=1, warm_up=False)
    floor, n_bytes, full = fastest(seconds, "floor"), (n_tasks + 2) * 4 * n_weights, seconds["linear"]
    yield Line(
        path="linear re-merge",
        measured=full,
        floor=floor,
        n_bytes=n_bytes,
        peer=seconds["naive linear"],
        target=1.4,
    )
    yield Line(path="scale-only re-merge, of a full one", measured=seconds["scale"], floor=full, target=0.4)
    yield Line(
        path="TIES re-merge, thresholds known",
        measured=seconds["ties"],
        floor=floor,
        n_bytes=n_bytes,
        target=1.5,
    )
    yield Line(
        path="TIES from scratch",
        measured=seconds["ties from scratch"],
        floor=floor,
        n_bytes=n_bytes,
        peer=slow["naive ties"],
        target=2.5,
    )
