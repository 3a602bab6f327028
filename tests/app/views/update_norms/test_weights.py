import numpy as np
import pytest

from analysis.weights.most_moved import MovedWeights
from app.views.update_norms.weights import moved_weight_rows, moved_weights_takeaway

TASKS = ("a", "b", "c", "d")


def found(deltas, *, rms=0.5, index=None):
    deltas = np.array(deltas, dtype=np.float64)
    k = deltas.shape[1]
    return MovedWeights(np.arange(k) if index is None else np.array(index), np.ones(k), deltas, rms)


def test_rows_tell_where_a_weight_is_and_who_moves_it_which_way():
    rows = moved_weight_rows(
        found([[-2.0, 1.0], [-1.0, 0.0], [0.5, 0.0], [-0.1, 3.0]], index=[5, 2]), TASKS, "a", (2, 3)
    )

    assert rows == [
        {"weight": "1, 2", "theta_0": 1.0, "tau": -2.0, "same_way": 2, "other_way": 1},
        {"weight": "0, 2", "theta_0": 1.0, "tau": 1.0, "same_way": 1, "other_way": 0},
    ]


def test_scalar_is_where_it_is():
    assert moved_weight_rows(found([[1.0]]), ("a",), "a", ())[0]["weight"] == "0"


def said(others, *, k=100):
    """Task a moves k weights by 2; the others move them the same way with these signs."""
    signs = np.resize(np.array(others, dtype=np.float64), (1, k))
    return moved_weights_takeaway(
        found(np.vstack([np.full(k, 2.0), signs, signs, signs])), TASKS, "a"
    ).replace("\xa0", " ")


def test_furthest_move_is_told_against_the_typical_one():
    assert said([1.0]).startswith("The furthest move of a is 2, 4.0 times its RMS here")


@pytest.mark.parametrize(
    ("others", "judged"),
    [
        ([1.0], "100 % of the others' moves go its way, more than by chance."),
        ([-1.0, -1.0, -1.0, 1.0], "25 % of the others' moves go its way, less than by chance."),
        ([1.0, -1.0], "50 % of the others' moves go its way, no more than chance."),
        ([1.0] * 59 + [-1.0] * 41, "59 % of the others' moves go its way, no more than chance."),
        ([1.0] * 61 + [-1.0] * 39, "61 % of the others' moves go its way, more than by chance."),
    ],
)
def test_agreement_of_the_others_is_told_against_chance(others, judged):
    assert said(others).endswith(judged)


def test_few_weights_prove_little():
    assert said([1.0, 1.0, 1.0, -1.0], k=4).endswith("no more than chance.")


def test_weights_nobody_else_moves_are_said_to_be_its_own():
    assert said([0.0]).endswith("; no other task moves these weights.")


def test_single_task_has_no_others():
    text = moved_weights_takeaway(found([[2.0]]), ("a",), "a")

    assert text.endswith("no other task moves these weights.")


def test_tensor_that_did_not_move_is_said_to_stay():
    assert moved_weights_takeaway(found(np.zeros((4, 0))), TASKS, "b") == "b did not move this tensor."
