import pytest
import torch

from analysis.weights.election import agreeing, disjoint_sum, elect_sign, follow_majority, sign_tally

KEPT = torch.tensor([[3.0, 1.0, -1.0, 0.0], [-2.0, -1.0, -4.0, 0.0], [0.5, 0.0, 2.0, 0.0]])


def test_the_sign_of_the_larger_mass_is_elected_and_none_where_updates_cancel():
    assert elect_sign(KEPT).tolist() == [1.0, 0.0, -1.0, 0.0]


def test_tallies_of_slices_add_up():
    kept = torch.tensor([[1.0, 2.0, -3.0, 4.0]])

    assert sign_tally(kept).tolist() == 2
    assert (sign_tally(kept[:, :1]) + sign_tally(kept[:, 1:])).tolist() == 2
    assert sign_tally(kept).dtype == torch.int64


@pytest.mark.parametrize(("tally", "expected"), [(5, [1.0, 1.0, -1.0]), (-1, [1.0, -1.0, -1.0])])
def test_the_majority_decides_only_where_no_sign_was_elected(tally, expected):
    assert follow_majority(torch.tensor([1.0, 0.0, -1.0]), torch.tensor(tally)).tolist() == expected


def test_without_a_majority_no_sign_stays_none():
    assert follow_majority(torch.tensor([1.0, 0.0]), torch.tensor(0)).tolist() == [1.0, 0.0]


def test_updates_agree_with_the_elected_sign_and_negative_ones_with_none():
    found = agreeing(KEPT, elect_sign(KEPT))

    assert found.int().tolist() == [[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 0]]


def test_the_disjoint_sum_leaves_out_what_disagrees():
    assert disjoint_sum(KEPT, agreeing(KEPT, elect_sign(KEPT))).tolist() == [3.5, -1.0, -5.0, 0.0]
