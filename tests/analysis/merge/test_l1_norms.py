import torch

from analysis.merge.l1_norms import l1_norm, l1_norm_of_weighted_sum


def test_l1_norm_counts_only_columns_in_the_ranges():
    assert l1_norm(torch.tensor([1.0, -2.0, 4.0, 8.0]), ((1, 2), (3, 4))) == 10.0


def test_l1_norm_of_the_weighted_sum_lets_updates_cancel():
    deltas = torch.tensor([[1.0, 2.0, 7.0], [9.0, 9.0, 9.0], [1.0, -1.0, 7.0]])

    assert l1_norm_of_weighted_sum(deltas, (0, 2), (1.0, 2.0), ((0, 2),)) == 3.0


def test_l1_norm_of_a_large_vector_loses_nothing():
    assert l1_norm(torch.full((1 << 25,), 1.0), ((0, 1 << 25),)) == float(1 << 25)
