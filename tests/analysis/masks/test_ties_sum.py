import pytest
import torch

from analysis.masks.ties_sum import TIES_DENSITY, ties_cut, ties_sum, ties_trim, weighted_tally, whole_tally
from analysis.merge.registry import merge_method_named
from analysis.weights.trim import magnitude_trim

TIES = merge_method_named("ties")
RANGES = ((0, 40), (50, 100))


@pytest.fixture
def deltas():
    generator = torch.Generator().manual_seed(0)
    return torch.randn(3, 100, generator=generator).mul(2).round()  # coarse, so that some sums cancel


@pytest.mark.parametrize("weights", [[1.0, 1.0, 1.0], [2.0, -1.0, 0.5]])
def test_it_is_the_method_at_its_density_with_sums(deltas, weights):
    weights = torch.tensor(weights)
    cut = ties_cut(deltas, range(3), RANGES)
    tally = whole_tally(deltas, range(3), weights, cut.trim, RANGES)

    found = torch.zeros(100)
    for start, stop in RANGES:
        found[start:stop] = ties_sum(deltas[:, start:stop], weights, cut, start=start, tally=tally)

    params = TIES.parse_params({"density": TIES_DENSITY, "merge": "sum"})
    assert torch.equal(found, TIES(deltas, weights, params, ranges=RANGES))


def test_the_tally_is_that_of_weights_1_unless_another_is_given(deltas):
    cut = ties_cut(deltas, range(3), RANGES)
    ones = torch.ones(3)

    assert cut.tally == sum(weighted_tally(deltas[:, a:b], ones, cut.trim, start=a) for a, b in RANGES)
    assert torch.equal(
        ties_sum(deltas, ones, cut, start=0), ties_sum(deltas, ones, cut, start=0, tally=cut.tally)
    )


def test_trimming_is_at_density_a_fifth(deltas):
    expected = magnitude_trim(deltas, (0, 2), RANGES, density=0.2)

    assert torch.equal(ties_trim(deltas, (0, 2), RANGES).threshold, expected.threshold)
