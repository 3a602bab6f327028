"""Every path a slider can take, against the floor: `python -m benchmarks.merge_paths`."""

import argparse
from collections.abc import Callable

import torch

from analysis.kernels.fused import Buffers, FusedMerge, Slice
from analysis.kernels.scale import write_scaled
from analysis.kernels.weighted_sum import FusedWeightedSum
from analysis.merging.ties import TiesParams, cuts, fuse
from analysis.trim import Trim
from benchmarks.floor import floors
from benchmarks.naive import naive_linear
from benchmarks.timing import medians

VIT_B_32 = 87_849_216
SLICE = 1 << 22
SCALING = 0.3


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=int, default=VIT_B_32)
    parser.add_argument("--tasks", type=int, default=8)
    given = parser.parse_args()
    _report(_buffers(given.tasks, given.weights))


def _buffers(n_tasks: int, n_weights: int) -> Buffers:
    """Heavy-tailed random task vectors; the values decide nothing but how many weights are trimmed."""
    generator = torch.Generator().manual_seed(0)
    deltas = torch.empty(n_tasks, n_weights)
    for tau_t in deltas:
        torch.randn(n_weights, generator=generator, out=tau_t).pow_(3).mul_(1e-3)
    theta_0 = torch.randn(n_weights, generator=generator)
    return Buffers(theta_0, deltas, torch.zeros(n_weights), torch.zeros(n_weights))


def _report(buffers: Buffers) -> None:
    n_tasks, n_weights = buffers.deltas.shape
    tasks, weights, params = tuple(range(n_tasks)), torch.linspace(0.6, 1.3, n_tasks), TiesParams()

    def prepared() -> Trim:
        return cuts(buffers.deltas, tasks, ((0, n_weights),), params)

    def write(merge: FusedMerge) -> None:
        for start in range(0, n_weights, SLICE):
            merge.write(Slice(start, min(start + SLICE, n_weights), SCALING))
        for columns in merge.unsettled():
            merge.write(columns)

    known = prepared()
    paths: dict[str, Callable[[], object]] = {
        "linear re-merge": lambda: write(FusedWeightedSum(buffers, tasks, weights)),
        "torch.addmv": lambda: torch.addmv(buffers.theta_0, buffers.deltas.T, weights, out=buffers.theta),
        "scale-only re-merge": lambda: write_scaled(buffers, Slice(0, n_weights, SCALING)),
        "TIES re-merge, thresholds known": lambda: write(fuse(buffers, tasks, weights, known, params)),
        "TIES from scratch": lambda: write(fuse(buffers, tasks, weights, prepared(), params)),
        "naive state-dict merge, linear": lambda: naive_linear(buffers, weights, SCALING),
    }
    seconds = medians(floors(buffers) | paths)
    n_bytes = (n_tasks + 2) * 4 * n_weights
    floor = min(value for name, value in seconds.items() if name.startswith("floor"))
    print(f"{n_tasks} tasks, {n_weights:,} weights, {torch.get_num_threads()} threads")
    print(f"floor {n_bytes / floor / 1e9:.1f} GB/s ({n_bytes / 1e9:.2f} GB a re-merge)\n")
    print(f"{'path':34} {'ms':>8} {'x floor':>8}")
    for name, value in seconds.items():
        print(f"{name:34} {value * 1e3:8.1f} {value / floor:8.2f}")
    print(f"\nscale-only / linear        {seconds['scale-only re-merge'] / seconds['linear re-merge']:.2f}")
    naive = seconds["naive state-dict merge, linear"]
    print(f"naive state dict / linear  {naive / seconds['linear re-merge']:.1f}")


if __name__ == "__main__":
    main()
