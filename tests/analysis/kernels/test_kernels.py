import numpy as np
import pytest
import torch

from analysis.kernels.fused import Buffers, Slice
from analysis.kernels.order_statistic import smallest_magnitude
from analysis.kernels.scale import write_scaled
from analysis.kernels.threads import set_threads
from analysis.kernels.weighted_sum import FusedWeightedSum, weighted_sum

N_LARGE = 600_000  # more than the sample, so that a bracket is used


def _rows():
    rng = np.random.default_rng(0)
    heavy = rng.standard_normal(N_LARGE).astype(np.float32) ** 3
    mostly_zero = np.where(rng.random(N_LARGE) < 0.9, 0, heavy).astype(np.float32)
    sorted_row = np.sort(heavy)
    # Zero wherever the sample looks, 16 neighbours in every 36: the bracket holds nothing true.
    misleading = heavy.copy()
    misleading[np.arange(N_LARGE) % (N_LARGE >> 14) < 16] = 0
    return {
        "heavy tails": heavy,
        "mostly zero": mostly_zero,
        "sorted": sorted_row,
        "one value": np.full(N_LARGE, -2, np.float32),
        "few values": np.round(heavy).astype(np.float32),
        "misleading sample": misleading,
        "tiny": heavy[:7].copy(),
    }


@pytest.mark.parametrize("name", list(_rows()))
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.8, 0.999, 1.0])
def test_order_statistic_is_what_sorting_finds(name, share):
    row = _rows()[name]
    rank = max(1, round(share * row.size))

    assert smallest_magnitude(row, ((0, row.size),), rank) == np.sort(np.abs(row))[rank - 1]


def test_order_statistic_holds_when_the_answer_lies_in_a_crowd_of_neighbours():
    rng = np.random.default_rng(0)
    row = rng.permutation(np.concatenate([rng.random(300_000) / 2, 2 + rng.random(290_000)]))
    row = np.insert(row, 200_000, rng.permutation(np.linspace(0.9, 1.1, 10_000))).astype(np.float32)

    for rank in range(301_000, 310_000, 1_000):
        assert smallest_magnitude(row, ((0, row.size),), rank) == np.sort(row)[rank - 1]


def test_order_statistic_counts_only_columns_in_the_ranges():
    row = np.array([9.0, -1.0, 2.0, 9.0, -3.0], np.float32)

    assert [smallest_magnitude(row, ((1, 3), (4, 5)), rank) for rank in (1, 2, 3)] == [1.0, 2.0, 3.0]


def test_scaling_alone_writes_what_the_full_merge_wrote():
    generator = torch.Generator().manual_seed(0)
    theta_0, deltas = torch.randn(200_000, generator=generator), torch.randn(5, 200_000, generator=generator)
    full = Buffers(theta_0, deltas, torch.empty(200_000), torch.empty(200_000))
    columns = Slice(3, 199_001, 0.37)
    FusedWeightedSum(full, range(5), torch.linspace(0.1, 0.9, 5)).write(columns)
    again = Buffers(theta_0, deltas, full.tau_mtl, torch.empty(200_000))

    write_scaled(again, columns)

    assert torch.equal(again.theta[3:199_001], full.theta[3:199_001])


def test_only_the_columns_of_the_slice_are_written():
    buffers = Buffers(torch.ones(6), torch.ones(2, 6), torch.zeros(6), torch.zeros(6))

    FusedWeightedSum(buffers, (0, 1), torch.ones(2)).write(Slice(2, 4, 3.0))

    assert buffers.tau_mtl.tolist() == [0.0, 0.0, 2.0, 2.0, 0.0, 0.0]
    assert buffers.theta.tolist() == [0.0, 0.0, 7.0, 7.0, 0.0, 0.0]


def test_weighted_sum_by_hand():
    assert weighted_sum(torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([2.0, -1.0])).tolist() == [
        -1.0,
        0.0,
    ]


def test_thread_count_holds_for_torch_and_for_the_kernels():
    import numba

    before = torch.get_num_threads()
    try:
        set_threads(1)

        assert (torch.get_num_threads(), numba.get_num_threads()) == (1, 1)
    finally:
        set_threads(before)
