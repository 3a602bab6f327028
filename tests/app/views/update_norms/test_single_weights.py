import numpy as np
import pytest

from analysis.weights.most_moved import MovedWeights
from app.views.update_norms.single_weights import moved_weight_rows, moved_weights_takeaway

TASKS = ("a", "b", "c", "d")


def found(deltas, *, rms=0.5, index=None):
    deltas = np.array(deltas, dtype=np.float64)
    k = deltas.shape[1]
    return MovedWeights(np.arange(k) if index is None else np.array(index), np.ones(k), deltas, rms)


def test_rows_have_the_place_of_a_weight_and_how_many_others_change_it_either_way():
    rows = moved_weight_rows(
        found([[-2.0, 1.0], [-1.0, 0.0], [0.5, 0.0], [-0.1, 3.0]], index=[5, 2]), TASKS, "a", (2, 3)
    )

    assert rows == [
        {"weight": "1, 2", "theta_0": 1.0, "tau": -2.0, "same_way": 2, "other_way": 1},
        {"weight": "0, 2", "theta_0": 1.0, "tau": 1.0, "same_way": 1, "other_way": 0},
    ]


def test_scalar_is_where_it_is():
    assert moved_weight_rows(found([[1.0]]), ("a",), "a", ())[0]["weight"] == "0"


def text_of(others, *, k=100):
    """Task a changes k weights by 2; the others change them alike, with these signs."""
    signs = np.resize(np.array(others, dtype=np.float64), (1, k))
    return moved_weights_takeaway(
        found(np.vstack([np.full(k, 2.0), signs, signs, signs])), TASKS, "a"
    ).replace("\xa0", " ")


def test_largest_update_is_compared_with_the_typical_one():
    assert text_of([1.0]).startswith(
        "The largest update of 'a' here is 2, 4.0 times its RMS; on the 100 weights it changes most, "
    )


@pytest.mark.parametrize(
    ("others", "judged"),
    [
        ([1.0], "100 % of the others' 300 updates have the same sign, more than by chance."),
        ([-1.0, -1.0, -1.0, 1.0], "25 % of the others' 300 updates have the same sign, less than by chance."),
        ([1.0, -1.0], "50 % of the others' 300 updates have the same sign: no clear difference from chance."),
        (
            [1.0] * 59 + [-1.0] * 41,
            "59 % of the others' 300 updates have the same sign: no clear difference from chance.",
        ),
        (
            [1.0] * 61 + [-1.0] * 39,
            "61 % of the others' 300 updates have the same sign, more than by chance.",
        ),
    ],
)
def test_agreement_of_the_others_is_compared_with_chance(others, judged):
    assert text_of(others).endswith(judged)


def test_few_weights_prove_little():
    assert text_of([1.0, 1.0, 1.0, -1.0], k=4).endswith(": no clear difference from chance.")


def test_few_updates_by_others_prove_little_on_however_many_weights():
    others = np.zeros((3, 100))
    others[0, 3] = others[1, 50] = -1.0
    deltas = np.vstack([np.full(100, 2.0), others])

    text = moved_weights_takeaway(found(deltas), TASKS, "a").replace("\xa0", " ")

    assert text.endswith("0 % of the others' 2 updates have the same sign: no clear difference from chance.")
    others[1, 50] = 0.0
    text = moved_weights_takeaway(found(np.vstack([deltas[:1], others])), TASKS, "a")
    assert text.endswith(
        "the only update by another task has the opposite sign: no clear difference from chance."
    )


def test_weights_that_no_other_task_changes_are_its_own():
    assert text_of([0.0]).endswith("; no other task changes these weights.")


def test_single_task_has_no_others():
    text = moved_weights_takeaway(found([[2.0]]), ("a",), "a")

    assert text.endswith("no other task changes these weights.")


def test_tensor_that_did_not_change_stays():
    assert moved_weights_takeaway(found(np.zeros((4, 0))), TASKS, "b") == "'b' did not change this tensor."
