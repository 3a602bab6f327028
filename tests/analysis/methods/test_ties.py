import pytest
import torch

from analysis.errors import ParameterRangeError
from analysis.kernels.fused import Buffers, Slice
from analysis.merge.registry import merge_method_named, remaining

TIES = merge_method_named("ties")


def _merge(deltas, weights=None, **params):
    deltas = torch.tensor(deltas)
    weights = torch.ones(len(deltas)) if weights is None else torch.tensor(weights)
    return TIES(deltas, weights, TIES.parse_params(params)).tolist()


def test_only_agreeing_tasks_are_averaged():
    assert _merge([[3.0], [1.0], [-2.0]], density=1.0) == [2.0]


def test_merge_sum_adds_the_agreeing_tasks():
    assert _merge([[3.0], [1.0], [-2.0]], density=1.0, merge="sum") == [4.0]


def test_merge_max_takes_the_largest_agreeing_update():
    assert _merge([[-3.0], [-1.0], [2.0]], density=1.0, merge="max") == [-3.0]


def test_weight_no_task_kept_stays_at_the_pre_trained_value():
    merged = _merge([[0.01, 5.0, 6.0], [0.02, 4.0, 3.0]], density=0.34)

    assert merged == [0.0, 4.5, 4.5]


def test_authors_keep_one_weight_more_than_the_paper():
    deltas = [[4.0, 3.0, 2.0, 1.0]]

    assert _merge(deltas, density=0.5) == [4.0, 3.0, 2.0, 0.0]
    assert _merge(deltas, density=0.5, profile="paper") == [4.0, 3.0, 0.0, 0.0]


def test_weights_enter_the_election():
    assert _merge([[3.0], [-2.0]], [1.0, 1.0], density=1.0) == [3.0]
    assert _merge([[3.0], [-2.0]], [1.0, 2.0], density=1.0) == [-4.0]


def test_weights_do_not_change_what_is_trimmed():
    assert _merge([[4.0, 1.0, 2.0]], [0.5], density=0.34) == [2.0, 0.0, 1.0]


def test_cancelled_sum_follows_the_majority_of_all_signs():
    assert _merge([[1.0, 1.0, 2.0], [-1.0, 2.0, 2.0]], density=1.0) == [1.0, 1.5, 2.0]
    assert _merge([[1.0, -1.0, -2.0], [-1.0, -2.0, -2.0]], density=1.0) == [-1.0, -1.5, -2.0]


def test_without_a_majority_a_cancelled_sum_takes_the_negative_updates():
    assert _merge([[1.0], [-1.0]], density=1.0) == [-1.0]
    assert _merge([[1.0], [-1.0]], density=1.0, merge="max") == [0.0]


def test_paper_gives_zero_where_the_sum_cancels():
    assert _merge([[1.0, 2.0], [-1.0, 2.0]], density=1.0, profile="paper") == [0.0, 2.0]


def test_majority_counts_only_weights_in_scope():
    deltas = torch.tensor([[1.0, 2.0, -5.0, -5.0], [-1.0, 2.0, -5.0, -5.0]])

    merged = TIES(deltas, torch.ones(2), TIES.parse_params({"density": 1.0}), ranges=((0, 2),))

    assert merged.tolist() == [1.0, 2.0, 0.0, 0.0]


@pytest.mark.parametrize(("second", "expected"), [(-2.0, -1.0), (2.0, 1.0)])
def test_only_slices_with_cancelling_updates_are_written_again(second, expected):
    deltas = torch.tensor([[1.0, second, second], [-1.0, second, second]])
    buffers = Buffers(torch.zeros(3), deltas, torch.zeros(3), torch.zeros(3))
    weights, params = torch.ones(2), TIES.parse_params({"density": 1.0})
    prepared = TIES.prepare(deltas, remaining(weights), ((0, 3),), params, lambda: None)
    merge = TIES.fused(buffers, (0, 1), weights, prepared, params)
    slices = [Slice(0, 1, 2.0), Slice(1, 3, 2.0)]
    for columns in slices:
        merge.write(columns)

    again = merge.unsettled()
    for columns in again:
        merge.write(columns)

    assert again == (() if expected == 1.0 else (slices[0],))
    assert merge.unsettled() == ()
    assert buffers.tau_mtl.tolist() == [expected, second, second]
    assert buffers.theta.tolist() == [2 * expected, 2 * second, 2 * second]


def test_density_given_as_a_percentage_is_refused():
    with pytest.raises(
        ParameterRangeError, match=r"^TIES-Merging: density is 20; it must lie in \[0, 1\]\.$"
    ):
        TIES.parse_params({"density": 20})
