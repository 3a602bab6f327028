import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.masks.knock_out import N_BINS, Removal, expected_overlap, matched, removed, write_without

SIZES = torch.arange(1, 401, dtype=torch.float32)


def some(n, share, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(n, generator=generator) < share


def normal(n, seed):
    return torch.randn(n, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(
    ("removal", "expected"),
    [
        (Removal.SELFISH, [False, True, True, False, False]),
        (Removal.CATASTROPHIC, [True, False, False, False, False]),
        (Removal.BOTH, [True, True, True, False, False]),
    ],
)
def test_removal_takes_weights_kept_by_so_many_masks(removal, expected):
    bits = torch.tensor([0, 1, 4, 5, 7], dtype=torch.uint8)

    assert removed(bits, torch.ones(5), removal).tolist() == expected


def test_nothing_is_removed_where_the_sum_is_zero():
    assert not removed(torch.zeros(3, dtype=torch.uint8), torch.zeros(3), Removal.CATASTROPHIC).any()


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int16, torch.int32, torch.int64])
def test_removal_counts_bits_of_every_width(dtype):
    bits = torch.tensor([0, 1, 2, 3, 64, 66], dtype=dtype)

    assert removed(bits, torch.ones(6), Removal.SELFISH).tolist() == [False, True, True, False, True, False]


@given(share=st.floats(0, 1), seed=st.integers(0, 2**62), start=st.integers(0, 10**9))
def test_control_takes_as_many_weights_from_every_size(share, seed, start):
    chosen = some(400, share, 1)

    drawn = matched(chosen, SIZES, seed=seed, start=start)

    per_bin = 400 // N_BINS
    assert drawn.view(N_BINS, per_bin).sum(dim=1).tolist() == chosen.view(N_BINS, per_bin).sum(dim=1).tolist()


def test_control_never_takes_a_weight_that_is_zero():
    tau_mtl = torch.where(some(1000, 0.5, 2), 0.0, normal(1000, 3))
    chosen = (tau_mtl != 0) & some(1000, 0.6, 4)

    drawn = matched(chosen, tau_mtl, seed=0)

    assert int(drawn.sum()) == int(chosen.sum())
    assert not drawn[tau_mtl == 0].any()


def test_every_seed_and_every_segment_draws_other_weights():
    chosen = some(4000, 0.3, 5)
    tau_mtl = normal(4000, 6)

    draws = [
        matched(chosen, tau_mtl, seed=seed, start=start).numpy().tobytes()
        for seed in range(10)
        for start in (0, 4000)
    ]

    assert len(set(draws)) == 20
    assert draws[0] == matched(chosen, tau_mtl, seed=0, start=0).numpy().tobytes()


def test_control_is_drawn_from_all_weights_of_a_size():
    chosen = torch.zeros(400, dtype=torch.bool)
    chosen[::4] = True

    hits = torch.stack([matched(chosen, SIZES, seed=seed).double() for seed in range(300)]).mean(dim=0)

    assert hits.mean() == pytest.approx(0.25)
    assert hits.std() < 0.04  # an unbiased draw of 300 scatters by 0.025


def test_control_carries_as_much_of_the_energy():
    tau_mtl = normal(20_000, 7)
    chosen = tau_mtl.abs() > 1.5

    drawn = matched(chosen, tau_mtl, seed=1)

    energy = float(tau_mtl[chosen].square().sum())
    assert float(tau_mtl[drawn].square().sum()) == pytest.approx(energy, rel=0.03)


def test_expected_overlap_is_the_mean_overlap_of_many_draws():
    tau_mtl = normal(2000, 8)
    chosen = (tau_mtl.abs() > 1) & some(2000, 0.7, 9)

    mean = sum(int((matched(chosen, tau_mtl, seed=seed) & chosen).sum()) for seed in range(200)) / 200

    assert expected_overlap(chosen, tau_mtl) == pytest.approx(mean, rel=0.02)


def test_overlap_of_nothing_is_nothing():
    assert expected_overlap(torch.zeros(5, dtype=torch.bool), torch.zeros(5)) == 0.0


def test_weights_are_set_to_zero_inside_the_segments_alone():
    tau_mtl = torch.ones(6)
    bits = torch.zeros(6, dtype=torch.uint8)

    write_without(tau_mtl, bits, ((1, 3), (4, 5)), Removal.CATASTROPHIC)

    assert tau_mtl.tolist() == [1, 0, 0, 1, 0, 1]


def test_controls_match_segment_by_segment():
    tau_mtl = normal(3000, 10)
    bits = torch.zeros(3000, dtype=torch.uint8)
    bits[:1000] = 3  # kept by two: none of the first segment is removed
    before = tau_mtl.clone()

    write_without(tau_mtl, bits, ((0, 1000), (1000, 2000), (2000, 3000)), Removal.CATASTROPHIC, draw=2)

    assert torch.equal(tau_mtl[:1000], before[:1000])
    assert not tau_mtl[1000:].any()


def test_stop_is_heard_between_segments():
    class StopError(Exception):
        pass

    def check():
        raise StopError

    with pytest.raises(StopError):
        write_without(torch.ones(4), torch.zeros(4, dtype=torch.uint8), ((0, 4),), Removal.BOTH, check=check)
