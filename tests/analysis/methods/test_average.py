import torch

from analysis.merge.registry import merge_method_named


def _merge(deltas, weights):
    return merge_method_named("average")(torch.tensor(deltas), torch.tensor(weights)).tolist()


def test_task_vectors_are_averaged():
    assert _merge([[1.0, -2.0], [3.0, 0.5]], [1.0, 1.0]) == [2.0, -0.75]


def test_weights_are_not_normalised_by_their_sum():
    assert _merge([[1.0], [3.0]], [2.0, 2.0]) == [4.0]


def test_task_of_weight_zero_does_not_count():
    assert _merge([[1.0], [3.0], [100.0]], [1.0, 1.0, 0.0]) == [2.0]
