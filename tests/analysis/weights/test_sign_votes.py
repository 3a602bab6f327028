from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from analysis.weights.sign_votes import SURE, sign_votes


@settings(max_examples=60)
@given(st.lists(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=3, max_size=3), min_size=1, max_size=8))
def test_probability_is_that_of_all_ways_to_draw_one_sign_per_weight(columns):
    others = np.array(columns).T
    found = sign_votes(np.vstack([np.full((1, others.shape[1]), -2.0), others]), 0)

    cast = np.abs(others).sum(axis=0)
    drawn = [abs(np.dot(signs, cast)) for signs in product((-1, 1), repeat=len(cast))]
    assert found.n == cast.sum()
    assert found.same == (others < 0).sum()
    assert found.p_value == pytest.approx(np.mean(np.array(drawn) >= abs(others.sum())))


def test_one_update_for_each_weight_is_a_binomial_test():
    deltas = np.vstack([np.ones(100), np.repeat([1.0, -1.0], [61, 39])])

    assert sign_votes(deltas, 0).p_value == pytest.approx(binomtest(61, 100).pvalue)


def test_tasks_that_agree_among_one_another_count_once():
    once = np.repeat([1.0, -1.0], [60, 40])

    assert sign_votes(np.vstack([np.ones(100), once]), 0) == sign_votes(
        np.vstack([np.ones(100), once, np.zeros(100)]), 0
    )
    assert sign_votes(np.vstack([np.ones(100), once, once, once]), 0).side == 0


@pytest.mark.parametrize("n_tasks", [2, 4, 8])
@pytest.mark.parametrize("share", [0.01, 0.02, 0.05, 1.0])
def test_independent_updates_agree_by_chance_however_sparse(n_tasks, share):
    rng = np.random.default_rng(0)
    n, claims = 400, 0
    for _ in range(n):
        deltas = rng.choice([-1.0, 1.0], size=(n_tasks, 100)) * (rng.random((n_tasks, 100)) < share)
        deltas[0] = 1.0
        claims += sign_votes(deltas, 0).side != 0

    assert claims <= n * SURE + 2.5 * np.sqrt(n * SURE)


def test_agreement_on_all_weights_is_found():
    deltas = np.ones((3, 20))

    assert sign_votes(deltas, 0).side == 1
    assert sign_votes(deltas * [[1], [-1], [-1]], 0).side == -1


def test_no_update_by_others_is_no_evidence():
    found = sign_votes(np.array([[1.0, 2.0], [0.0, 0.0]]), 0)

    assert (found.n, found.side, found.p_value) == (0, 0, 1.0)
