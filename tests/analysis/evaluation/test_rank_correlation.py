from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from analysis.evaluation.rank_correlation import rank_correlation, spearman


def symmetric(n, seed=0):
    values = np.random.default_rng(seed).normal(size=(n, n))
    return values + values.T


@given(n=st.integers(3, 6), seed=st.integers(0, 20))
def test_value_is_the_correlation_of_ranks(n, seed):
    one, other = symmetric(n, seed), symmetric(n, seed + 100)
    upper = np.triu_indices(n, 1)

    found = rank_correlation(one, other)

    first, second = (np.argsort(np.argsort(matrix[upper])) for matrix in (one, other))
    assert found.value == pytest.approx(np.corrcoef(first, second)[0, 1])
    assert found.n_pairs == n * (n - 1) // 2


def p_value_by_renaming(one, other):
    """The slow way: every renaming of the tasks, and a correlation of ranks for each."""
    upper = np.triu_indices(len(one), 1)

    def rho(names):
        renamed = other[np.ix_(names, names)]
        first, second = (np.argsort(np.argsort(matrix[upper])) for matrix in (one, renamed))
        return np.corrcoef(first, second)[0, 1]

    found = [abs(rho(list(names))) for names in permutations(range(len(one)))]
    return np.mean(np.array(found) >= found[0] - 1e-9)


@given(n=st.integers(3, 5), seed=st.integers(0, 20))
def test_p_value_is_the_share_of_renamings_that_come_as_far(n, seed):
    one, other = symmetric(n, seed), symmetric(n, seed + 100)

    assert rank_correlation(one, other).p_value == pytest.approx(p_value_by_renaming(one, other))


def test_drawn_renamings_come_close_to_all_of_them():
    one, other = symmetric(8, 4), symmetric(8, 5)
    exact = rank_correlation(one[:7, :7], other[:7, :7]).p_value
    lonely = np.full((9, 9), np.nan)
    lonely[:7, :7] = other[:7, :7]
    assert rank_correlation(np.pad(one, (0, 1)), lonely).p_value == exact  # tasks without a pair do not count

    drawn = [rank_correlation(one, other, seed=seed).p_value for seed in range(3)]

    assert max(drawn) - min(drawn) < 0.03
    assert rank_correlation(one, other).p_value == drawn[0]


def test_equal_values_share_their_rank():
    one, other = np.zeros((3, 3)), np.zeros((3, 3))
    for (a, b), x, y in zip([(0, 1), (0, 2), (1, 2)], [1, 1, 2], [5, 7, 9], strict=True):
        one[a, b] = one[b, a] = x
        other[a, b] = other[b, a] = y

    assert rank_correlation(one, other).value == pytest.approx(3**0.5 / 2)


def test_spearman_is_scipys_and_none_where_a_measure_has_one_value():
    one, other = np.array([1.0, 2.0, 2.0, 3.0, 5.0, 4.0]), np.array([2.0, 1.0, 3.0, 3.0, 6.0, 6.0])

    assert spearman(one, other) == pytest.approx(0.8508410434878083, abs=1e-12)
    assert spearman(one, other) == pytest.approx(spearmanr(one, other).statistic, abs=1e-12)
    assert spearman(one, np.full(6, 0.1)) is None


@pytest.mark.parametrize("n", [6, 8])
def test_a_measure_goes_with_itself_and_hardly_any_renaming_does(n):
    found = rank_correlation(symmetric(n), np.exp(symmetric(n)))

    assert found.value == pytest.approx(1.0)
    assert found.p_value < 0.01
    assert found.p_value > 0


def test_unrelated_measures_have_p_values_spread_over_all_of_them():
    p_values = [
        rank_correlation(symmetric(5, seed), symmetric(5, 1000 + seed)).p_value for seed in range(120)
    ]

    assert np.mean(np.array(p_values) < 0.05) < 0.12
    assert np.mean(p_values) == pytest.approx(0.5, abs=0.08)


def test_a_task_that_is_far_from_all_others_makes_no_relation():
    # Both measures single out a task, but not the same one: freely shuffled pairs would call that strange.
    one, other = symmetric(6) / 100, symmetric(6, 1) / 100
    one[0], one[:, 0] = 5, 5
    other[5], other[:, 5] = 5, 5

    assert rank_correlation(one, other).p_value > 0.05


def test_pairs_that_were_not_measured_do_not_count():
    one, other = symmetric(5), symmetric(5)
    one[0, 1] = one[1, 0] = np.nan
    other[0, 1] = other[1, 0] = 1e6

    found = rank_correlation(one, other)

    assert (found.n_pairs, found.value) == (9, pytest.approx(1.0))
    assert found.p_value is None


def test_two_pairs_are_no_relation():
    few = np.full((3, 3), np.nan)
    few[0, 1] = few[1, 0] = 1.0
    few[0, 2] = few[2, 0] = 2.0

    found = rank_correlation(few, few)

    assert (found.value, found.p_value, found.n_pairs) == (None, None, 2)


def test_a_measure_that_is_the_same_for_all_pairs_has_no_correlation():
    found = rank_correlation(np.ones((4, 4)), symmetric(4))

    assert (found.value, found.p_value) == (None, None)
