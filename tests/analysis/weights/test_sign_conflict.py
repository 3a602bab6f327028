from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings

from analysis.weights.sign_conflict import (
    Rate,
    beyond_chance,
    chance_of_conflict,
    conflict,
    cosine_by_chance,
    mean_pair_conflict,
    pair_conflict,
    pair_sign_shares,
    sign_shares,
    sum_to_mass,
    ties_shares,
    weighted_conflict,
    weighted_pair_conflict,
)
from analysis.weights.statistics import statistics
from analysis.weights.trim import magnitude_trim, trim
from tests.made_vectors import big_updates, one_block, task_vectors_of, updates, whole

N = 20_000


def sums_of(taus, *, density=None, sign_seed=None):
    taus = np.asarray(taus, dtype=np.float32)
    vectors = task_vectors_of(taus, one_block(taus.shape[1]))
    cut = density and magnitude_trim(vectors.deltas, range(len(taus)), whole(vectors), density=density)
    return statistics(vectors, whole(vectors), cut=cut, sign_seed=sign_seed).total


def in_all_sign_patterns(taus):
    """Every way of drawing the signs of a few moves, (2^(T n), T, n)."""
    taus = np.abs(np.asarray(taus, dtype=np.float64))
    for bits in range(2**taus.size):
        signs = np.array([1 - 2 * (bits >> k & 1) for k in range(taus.size)]).reshape(taus.shape)
        yield signs * taus


def test_chance_counts_the_sign_patterns_that_are_not_all_equal():
    for movers in range(1, 6):
        patterns = list(in_all_sign_patterns(np.ones((movers, 1))))
        mixed = np.mean([(one.min() < 0) & (one.max() > 0) for one in patterns])
        assert chance_of_conflict(np.array([movers]))[0] == mixed


@settings(max_examples=40, deadline=None)
@given(updates())
def test_rates_equal_a_slow_count(taus):
    sums = sums_of(taus)
    n_up, n_down = (taus > 0).sum(axis=0), (taus < 0).sum(axis=0)
    several = n_up + n_down > 1
    opposed = several & (n_up > 0) & (n_down > 0)

    rate = conflict(sums)

    assert rate.n[0] == several.sum()
    assert rate.observed[0] == pytest.approx(
        opposed.sum() / several.sum() if several.any() else np.nan, nan_ok=True
    )
    for i in range(len(taus)):
        for j in range(len(taus)):
            product = taus[i].astype(np.float64) * taus[j]
            mass = np.abs(product).sum()
            pair, weighted = pair_conflict(sums).at((0, i, j)), weighted_pair_conflict(sums).at((0, i, j))
            share = (product < 0).sum() / (product != 0).sum() if (product != 0).any() else np.nan
            assert pair.observed == pytest.approx(share, nan_ok=True)
            share = np.abs(product[product < 0]).sum() / mass if mass else np.nan
            # Products of two tasks are float32 over short runs, and the share is a difference of two sums.
            assert weighted.observed == pytest.approx(share, abs=1e-6, nan_ok=True)


@settings(max_examples=40, deadline=None)
@given(updates())
def test_shares_of_weights_equal_a_slow_count_and_add_up(taus):
    sums = sums_of(taus)

    def slowly(rows):
        n_up, n_down = (rows > 0).sum(axis=0), (rows < 0).sum(axis=0)
        several, mixed = n_up + n_down > 1, (n_up > 0) & (n_down > 0)
        return [
            (several & ~mixed).mean(),
            mixed.mean(),
            (n_up + n_down == 1).mean(),
            (n_up + n_down == 0).mean(),
        ]

    assert sign_shares(sums)[0] == pytest.approx(slowly(taus))
    assert sign_shares(sums)[0].sum() == pytest.approx(1)
    last = len(taus) - 1
    if last:
        assert pair_sign_shares(sums, 0, last)[0] == pytest.approx(slowly(taus[[0, last]]))


@pytest.mark.parametrize("rate_of", [conflict, mean_pair_conflict, weighted_conflict])
def test_chance_and_its_spread_are_those_of_all_sign_patterns(rate_of):
    taus = [[1.0, 0.0, 2.0], [1.0, 3.0, 0.5], [1.0, 1.0, 0.0]]
    rates = [rate_of(sums_of(pattern)).at(0) for pattern in in_all_sign_patterns(taus)]
    observed = [rate.observed for rate in rates]

    assert np.mean(observed) == pytest.approx(rates[0].chance)
    assert np.std(observed) == pytest.approx(rates[0].sd)


@pytest.mark.parametrize("density", [None, 0.1])
def test_spread_of_weighed_conflict_is_that_of_many_draws(density):
    taus = big_updates(4, 3000)
    sums = sums_of(taus, density=density)

    drawn = [sums_of(taus, density=density, sign_seed=seed) for seed in range(200)]

    spread = np.std([weighted_pair_conflict(one).observed[0, 1, 2] for one in drawn])
    assert weighted_pair_conflict(sums).sd[0, 1, 2] == pytest.approx(spread, rel=0.15)
    spread = np.std([weighted_conflict(one).observed[0] for one in drawn])
    assert weighted_conflict(sums).sd[0] == pytest.approx(spread, rel=0.15)


@settings(max_examples=40, deadline=None)
@given(updates())
def test_spread_of_weighed_conflict_equals_a_slow_sum(taus):
    rate = weighted_pair_conflict(sums_of(taus))
    for i in range(len(taus)):
        for j in range(i):
            expected = np.sqrt(np.sum((taus[i].astype(np.float64) * taus[j]) ** 2)) / 2
            assert rate.sd[0, i, j] * rate.n[0, i, j] == pytest.approx(expected, rel=1e-5)


def test_what_is_left_of_the_sum_stands_beside_a_draw_of_the_signs():
    taus = [[3.0, 1.0], [-1.0, 1.0]]
    sums, null = sums_of(taus), sums_of([[3.0, -1.0], [1.0, 1.0]])

    rate = sum_to_mass(sums, null).at(0)

    assert (rate.observed, rate.chance) == (pytest.approx(4 / 6), pytest.approx(4 / 6))


@pytest.mark.parametrize("n_tasks", [2, 5])
@pytest.mark.parametrize("n_weights", [5, 60, 500])
def test_bound_on_two_draws_of_the_sum_holds_in_parts_of_any_size(n_tasks, n_weights):
    taus = big_updates(n_tasks, n_weights)
    nulls = [sums_of(taus, sign_seed=seed) for seed in range(60)]
    rates = [sum_to_mass(one, other).at(0) for one, other in zip(nulls[::2], nulls[1::2], strict=True)]

    spread = np.std([rate.excess for rate in rates])

    assert all(spread < rate.sd < 4 * spread for rate in rates)


def test_few_weights_that_hardly_any_two_tasks_share_remain_as_by_chance():
    # What trimming leaves in a small part: nearly one size, most of it by one task alone.
    rng = np.random.default_rng(0)
    for _ in range(300):
        taus = rng.normal(1.75, 0.35, size=(2, 64)) * (rng.random((2, 64)) < 0.2)
        taus *= rng.choice([-1, 1], size=taus.shape)

        rate = sum_to_mass(sums_of(taus), sums_of(taus, sign_seed=0))

        assert beyond_chance(rate, n_tests=14).tolist() == [0]


def test_ties_keeps_trims_and_outvotes_all_of_the_mass():
    taus = [[4.0, 1.0, -2.0, 0.0], [-1.0, 3.0, -2.0, 0.5]]
    shares = ties_shares(sums_of(taus), sums_of([[4.0, 0.0, -2.0, 0.0], [-1.0, 3.0, -2.0, 0.0]]))[0]

    assert shares[0] == pytest.approx([6 / 7, 1 / 7, 0])
    assert shares[1] == pytest.approx([5 / 6.5, 0.5 / 6.5, 1 / 6.5])


@settings(max_examples=30, deadline=None)
@given(updates())
def test_mass_shares_equal_a_slow_count(taus):
    vectors = task_vectors_of(taus)
    cut = magnitude_trim(vectors.deltas, range(len(taus)), whole(vectors), density=0.4)
    trimmed = trim(vectors.deltas, cut).numpy()
    elected = np.sign(trim(vectors.deltas, cut).sum(dim=0).numpy())
    full = statistics(vectors, whole(vectors)).total

    shares = ties_shares(full, statistics(vectors, whole(vectors), cut=cut).total)[0]

    for task, share in enumerate(shares):
        mass = np.abs(taus[task]).sum(dtype=np.float64)
        against = np.abs(trimmed[task][np.sign(trimmed[task]) * elected < 0]).sum(dtype=np.float64)
        cut_off = mass - np.abs(trimmed[task]).sum(dtype=np.float64)
        expected = [mass - cut_off - against, cut_off, against]
        assert share == pytest.approx(
            np.array(expected) / mass if mass else [np.nan] * 3, nan_ok=True, abs=1e-12
        )


def test_independent_updates_conflict_no_more_and_no_less_than_chance():
    for density in (None, 0.2):
        sums = sums_of(big_updates(8, N), density=density)
        null = sums_of(big_updates(8, N), density=density, sign_seed=1)
        for rate in (
            conflict(sums),
            mean_pair_conflict(sums),
            weighted_conflict(sums),
            sum_to_mass(sums, null),
        ):
            assert beyond_chance(rate).tolist() == [0]
        assert not beyond_chance(pair_conflict(sums), n_tests=28)[0][np.triu_indices(8, 1)].any()


def test_updates_with_a_shared_direction_conflict_less():
    sums = sums_of(big_updates(4, N) + big_updates(1, N, seed=1), density=0.2)

    assert beyond_chance(conflict(sums)).tolist() == [-1]
    assert beyond_chance(weighted_conflict(sums)).tolist() == [-1]
    assert (beyond_chance(pair_conflict(sums))[0][np.triu_indices(4, 1)] == -1).all()


def test_opposed_updates_conflict_more():
    shared = big_updates(1, N, seed=1)
    sums = sums_of(np.concatenate([big_updates(1, N) + shared, big_updates(1, N, seed=2) - shared]))

    assert beyond_chance(conflict(sums)).tolist() == [1]
    assert beyond_chance(weighted_conflict(sums)).tolist() == [1]


def rate(excess, sd, n=1.0):
    one = np.ones(1)
    return Rate(n * one, 0.5 * one + excess, 0.5 * one, sd * one)


@pytest.mark.parametrize(
    ("excess", "sd", "n_tests", "expected"),
    [
        (0.009, 1e-6, 1, 0),  # improbable and too small
        (0.1, 0.05, 1, 0),  # large and well within chance
        (0.1, 0.02, 1, 1),
        (-0.1, 0.02, 1, -1),
        (0.1, 0.025, 1, 1),
        (0.1, 0.025, 100, 0),  # one of a hundred may be this far by chance
    ],
)
def test_beyond_chance_is_far_and_improbable(excess, sd, n_tests, expected):
    assert beyond_chance(rate(excess, sd), n_tests=n_tests).tolist() == [expected]


def test_few_weights_that_nearly_always_conflict_agree_by_chance():
    # Of 32 weights that eight tasks change, a quarter of one has equal signs on average, and two often have.
    taus = np.abs(big_updates(8, 32))
    nulls = [sums_of(taus, sign_seed=seed) for seed in range(1500)]

    verdicts = [int(beyond_chance(conflict(null))[0]) for null in nulls]

    assert np.mean(np.array(verdicts) != 0) <= 0.002
    assert beyond_chance(conflict(sums_of(taus))).tolist() == [-1]


def test_longer_tail_alone_is_widened():
    def at(excess, skewness):
        return int(beyond_chance(replace(rate(excess, 0.02), skewness=skewness))[0])

    assert (at(0.1, 0.0), at(0.1, -2.0), at(-0.1, 2.0)) == (1, 1, -1)
    assert (at(0.1, 2.0), at(-0.1, -2.0)) == (0, 0)


def test_nothing_to_share_is_neither_more_nor_less():
    sums = sums_of([[1.0, 0.0], [0.0, 2.0]])

    assert np.isnan(conflict(sums).observed[0])
    assert beyond_chance(conflict(sums)).tolist() == [0]
    assert beyond_chance(pair_conflict(sums))[0, 0, 1] == 0


def test_cosines_with_random_signs_stay_within_chance_and_fill_it():
    taus = big_updates(4, 3000) * np.exp(np.random.default_rng(1).normal(size=3000)).astype(np.float32)
    within = cosine_by_chance(sums_of(taus))
    signs = np.random.default_rng(2).choice(np.array([-1, 1], np.float32), size=(300, *taus.shape))
    drawn = signs * taus
    cosines = np.einsum("dip,djp->dij", drawn, drawn) / np.outer(*[np.linalg.norm(taus, axis=1)] * 2)
    first, second = np.triu_indices(4, k=1)

    outside = (np.abs(cosines) > within)[:, first, second]

    assert outside.any(axis=1).mean() <= 0.08
    z = NormalDist().inv_cdf(1 - 0.05 / 12)
    assert within[first, second] == pytest.approx(z * cosines.std(axis=0)[first, second], rel=0.2)


def test_a_common_component_shows_in_a_cosine_beyond_chance():
    taus = big_updates(2, 60_000) + np.sqrt(0.02) * big_updates(1, 60_000, seed=1)

    gram = sums_of(taus).gram[0]

    assert gram[0, 1] / np.sqrt(gram[0, 0] * gram[1, 1]) > cosine_by_chance(sums_of(taus))[0, 1]


def test_groups_of_weights_bound_cosines_as_all_of_them_do():
    taus = big_updates(3, 3000)
    taus[:, :100] *= 30
    shapes = {"visual.conv1.weight": (100,), "visual.transformer.resblocks.0.mlp.c_fc.weight": (2900,)}
    vectors = task_vectors_of(taus, shapes)

    found = cosine_by_chance(statistics(vectors, whole(vectors)).sums)

    assert found == pytest.approx(cosine_by_chance(sums_of(taus)), rel=1e-6)


def test_a_task_that_moved_nothing_has_no_cosine_by_chance():
    taus = np.concatenate([big_updates(2, 500), np.zeros((1, 500), np.float32)])

    assert cosine_by_chance(sums_of(taus))[2].tolist() == [0.0, 0.0, 0.0]
