import torch

from analysis.merge.registry import merge_method_named


def _merge(deltas, weights):
    return merge_method_named("task_arithmetic")(torch.tensor(deltas), torch.tensor(weights)).tolist()


def test_task_vectors_add_up():
    assert _merge([[1.0, -2.0], [3.0, 0.5]], [1.0, 1.0]) == [4.0, -1.5]


def test_each_task_enters_with_its_weight():
    assert _merge([[1.0, -2.0], [3.0, 0.5]], [2.0, -1.0]) == [-1.0, -4.5]


def test_negative_weight_takes_the_task_vector_away():
    assert _merge([[1.0, -2.0]], [-1.0]) == [-1.0, 2.0]
