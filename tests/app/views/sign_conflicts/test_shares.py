import numpy as np
import pytest

from app.views.sign_conflicts.shares import layer_shares, most_conflict, share_rows, shares_takeaway
from tests.made_conflicts import independent, layers_of, one_layer_apart


def test_shares_of_layers_name_the_one_with_most_conflict():
    look, shown, sums = layers_of(one_layer_apart())

    text = shares_takeaway(look, shown, sums)

    shares = layer_shares(look, sums)
    assert "Conflict is most frequent in block 1 (" in text
    assert shares[1, 1] == shares[:, 1].max()
    assert [row["conflict"] for row in share_rows(shown, sums, shares)] == shares[:, 1].tolist()


def test_shares_of_a_pair_are_of_the_two_alone():
    taus = independent(3)
    pair_look, _, sums = layers_of(taus, pair=("task0", "task2"))
    alone, _, alone_sums = layers_of(taus[[0, 2]])

    assert layer_shares(pair_look, sums) == pytest.approx(layer_shares(alone, alone_sums))


def test_layers_that_conflict_like_the_others_are_not_named():
    assert "most frequent" not in shares_takeaway(*layers_of(independent()))


def test_a_few_rare_conflicts_in_a_small_layer_are_no_proof():
    shares = np.array([[0.0, 0.002, 0.0, 0.998], [0.0, 2 / 40, 0.0, 38 / 40]])
    n = np.array([50_000, 40])

    assert most_conflict(n, shares) is None
    shares[1, 1] = 5 / 40
    assert most_conflict(n, shares) == 1


def test_shares_without_conflict_name_no_layer():
    taus = np.abs(independent(2))

    assert "most frequent" not in shares_takeaway(*layers_of(taus))
