import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from analysis.weights.most_moved import most_moved

THETA_0 = torch.tensor([1.0, 2.0, 3.0, 4.0])
DELTAS = torch.tensor([[0.0, -5.0, 2.0, 0.0], [1.0, 0.5, 0.0, -0.5]])


def test_weights_are_listed_from_the_one_moved_furthest():
    moved = most_moved(THETA_0, DELTAS, task=0, most=2)

    assert moved.index.tolist() == [1, 2]
    assert moved.theta_0.tolist() == [2.0, 3.0]
    assert moved.deltas.tolist() == [[-5.0, 2.0], [0.5, 0.0]]


def test_typical_move_is_that_of_the_whole_tensor():
    moved = most_moved(THETA_0, DELTAS * 2, task=0, most=1)

    assert moved.rms == pytest.approx(29**0.5)


def test_weights_a_task_left_alone_are_not_listed():
    assert most_moved(THETA_0, DELTAS, task=0, most=4).index.tolist() == [1, 2]


def test_equal_moves_are_listed_as_they_lie():
    many = torch.ones(1, 5000)
    many[0, 4000:] = 2.0

    assert most_moved(THETA_0, DELTAS, task=1, most=4).index.tolist() == [0, 1, 3]
    assert most_moved(torch.zeros(5000), many, task=0, most=5000).index.tolist() == [
        *range(4000, 5000),
        *range(4000),
    ]


def test_nothing_is_listed_of_a_tensor_that_did_not_move():
    moved = most_moved(THETA_0, torch.zeros(2, 4), task=1, most=3)

    assert moved.index.tolist() == []
    assert moved.deltas.shape == (2, 0)


@given(st.lists(st.floats(-10, 10, width=32), min_size=1, max_size=20), st.integers(0, 25))
def test_list_is_the_head_of_the_sorted_moves(moves, most):
    deltas = torch.tensor([moves])

    moved = most_moved(torch.zeros(len(moves)), deltas, task=0, most=most)

    expected = sorted((abs(move) for move in deltas[0].tolist() if move), reverse=True)[:most]
    assert [abs(delta) for delta in moved.deltas[0].tolist()] == expected
