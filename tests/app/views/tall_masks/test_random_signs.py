import numpy as np
import pytest

from analysis.weights.sign_conflict import beyond_chance
from app.views.tall_masks.random_signs import DRAWS, chance, rate_beside


def test_null_is_the_mean_of_the_draws():
    rate = rate_beside([np.array([0.2]), np.array([0.4])], np.array([0.3]), 10_000)

    assert chance(rate, 0).mean == pytest.approx(0.3)
    assert chance(rate, 0).spread == pytest.approx(2 * np.sqrt(0.3 * 0.7 / 10_000 * 1.5), rel=1e-3)


def test_spread_is_that_of_many_shares_less_the_means_of_as_many_draws():
    rng = np.random.default_rng(0)
    shares = rng.binomial(500, 0.3, size=(1 + DRAWS, 4000)) / 500

    rate = rate_beside(list(shares[1:]), shares[0], 500)

    assert rate.sd.mean() == pytest.approx(rate.excess.std(), rel=0.05)


@pytest.mark.parametrize("n", [1, 3, 10, 50, 128, 1000, 4000])
@pytest.mark.parametrize("p", [0.0, 0.002, 0.01, 0.1, 0.4, 0.97])
def test_shares_of_few_weights_are_hardly_ever_beyond_chance(n, p):
    shares = np.random.default_rng(0).binomial(n, p, size=(1 + DRAWS, 4000)) / n

    verdicts = beyond_chance(rate_beside(list(shares[1:]), shares[0], n))

    assert (verdicts != 0).mean() <= 0.0025


def test_one_weight_that_no_draw_keeps_is_no_evidence():
    nothing = [np.zeros(1)] * DRAWS

    assert beyond_chance(rate_beside(nothing, np.array([1 / 40]), 40)).tolist() == [0]
    assert beyond_chance(rate_beside(nothing, np.array([8 / 40]), 40)).tolist() == [1]


def test_nothing_to_share_is_neither_more_nor_less():
    assert beyond_chance(rate_beside([np.zeros(1)], np.zeros(1), 0)).tolist() == [0]
