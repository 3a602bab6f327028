from itertools import pairwise

import numpy as np
import pytest

from app.views.sign_conflicts.look import part
from app.views.sign_conflicts.magnitude import (
    DENSITIES,
    band_hovers,
    band_rows,
    bands,
    kept_from,
    magnitude_takeaway,
)
from tests.made_conflicts import N, independent, look_at, statistics_of, zoo_of
from tests.made_vectors import big_updates


def bands_of(taus, **others):
    vectors = zoo_of(taus)
    sums = [
        (density, part(statistics_of(vectors, None if density == 1 else density), None, None))
        for density in DENSITIES
    ]
    look = look_at(vectors, 1.0, **others)
    return bands(look, sums), look, sums


def test_bands_hold_the_weights_whose_smaller_update_ranks_there():
    taus = big_updates(2, N)
    taus[1] += 0.5 * taus[0]  # else the largest band might be empty
    found, _, _ = bands_of(taus)
    ranks = np.abs(taus).argsort(axis=1).argsort(axis=1)
    smaller = (N - 1 - ranks).max(axis=0)  # 0 is the largest
    # The authors' trim keeps one weight more than its share.
    ends = [N, *(int(N * density) + 1 for density in DENSITIES[1:]), 0]
    opposed = taus[0] * taus[1] < 0

    for band, (first, last) in enumerate(pairwise(ends)):
        inside = (smaller < first) & (smaller >= last)
        assert found.rate.n[band] == inside.sum()
        assert found.rate.observed[band] == pytest.approx(opposed[inside].sum() / max(inside.sum(), 1))


def test_bands_add_up_to_what_trimming_keeps():
    found, look, sums = bands_of(independent(4), pair=("task1", "task2"))

    for band, (_, trimmed) in enumerate(sums):
        assert found.rate.n[band:].sum() == found.above.n[band]
        assert found.above.observed[band] == pytest.approx(look.rate(trimmed).observed[0], nan_ok=True)
    assert [row["n"] for row in band_rows(found)] == found.rate.n.tolist()


def test_bands_that_are_not_all_known_yet_are_wider():
    _, look, sums = bands_of(independent(4))

    early = bands(look, sums[:2])

    assert early.names == ["100\xa0%–50\xa0%", "largest 50\xa0%"]
    assert early.rate.n.sum() == bands(look, sums).rate.n.sum()


def tailed(agree_when_large):
    """Two tasks that agree on the weights they change much, or on those they change little."""
    taus = big_updates(2, N)
    far = np.abs(taus).min(axis=0) > 0.8
    chosen = far if agree_when_large else ~far
    taus[1] = np.where(chosen, np.abs(taus[1]) * np.sign(taus[0]), taus[1])
    return taus


def test_size_is_named_when_large_or_small_updates_are_further_from_chance():
    large, look, _ = bands_of(tailed(agree_when_large=True))
    small, _, _ = bands_of(tailed(agree_when_large=False))

    assert magnitude_takeaway(large, look).startswith(
        "Large updates are further from chance: pairs conflict on"
    )
    assert magnitude_takeaway(small, look).startswith("Small updates are further from chance")


def test_independent_tasks_are_at_chance_at_every_magnitude():
    found, look, _ = bands_of(independent())

    assert magnitude_takeaway(found, look) == (
        "Pairs conflict neither clearly more nor clearly less than chance, however large the updates."
    )


def test_distances_that_may_differ_are_not_called_equal():
    taus = big_updates(2, N)
    agreeing = np.random.default_rng(5).uniform(size=N) < 0.6
    taus[1] = np.abs(taus[1]) * np.sign(taus[0]) * np.where(agreeing, 1, -1)

    found, look, _ = bands_of(taus)

    assert magnitude_takeaway(found, look).startswith("No significant difference between large")


def test_too_few_weights_give_no_comparison():
    taus = np.zeros((2, N))
    taus[:, :5] = 1.0

    found, look, _ = bands_of(taus)

    assert magnitude_takeaway(found, look).startswith("Too few weights")


def test_trimming_keeps_bands_from_its_density_on():
    found, _, _ = bands_of(independent(2))

    assert kept_from(found, 1.0) is None
    assert [kept_from(found, density) for density in (0.5, 0.2, 0.01)] == pytest.approx([0.5, 1.5, 5.5])
    assert 0.5 < kept_from(found, 0.3) < 1.5
    assert kept_from(found, 0.005) == pytest.approx(5.5)


def test_bands_under_the_mouse_show_their_share_and_their_weights():
    taus = np.zeros((2, N))
    taus[:, : N // 2] = independent(2)[:, : N // 2]
    found, _, _ = bands_of(taus)

    first, second = band_hovers(found)[:2]

    n, opposed = found.rate.n[1], found.rate.observed[1]
    assert first == "100\xa0%–50\xa0%: no weights"
    assert second == f"50\xa0%–20\xa0%: {100 * opposed:.1f}\xa0% of {n:,.0f} weights".replace(",", "\xa0")
