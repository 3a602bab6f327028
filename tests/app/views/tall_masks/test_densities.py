import pytest

from app.views.tall_masks.densities import densities, densities_takeaway, density_rows
from app.views.tall_masks.shown import part
from tests.planted_masks import TASKS, planted_counts

LAMBDAS = (0.4,) * 4


@pytest.fixture(scope="module")
def sums():
    return part(planted_counts(), None, None)


def test_density_counts_unchanged_weights_too(sums):
    found = densities(sums, [], TASKS, LAMBDAS)

    assert [one.kept for one in found] == [12, 10, 7, 6]
    assert [one.density for one in found] == [12 / 24, 10 / 24, 7 / 24, 6 / 24]


def test_null_is_the_mean_of_the_draws(sums):
    nulls = [part(planted_counts(sign_seed=seed), None, None) for seed in range(3)]

    found = densities(sums, nulls, TASKS, LAMBDAS)

    assert found[0].by_chance == pytest.approx(sum(null.kept[0, 0] for null in nulls) / 3 / 24)
    assert density_rows(found)[0]["density, random signs"] == found[0].by_chance


def test_densest_and_sparsest_masks_are_named(sums):
    takeaway = densities_takeaway(densities(sums, [], TASKS, LAMBDAS)).replace("\N{NO-BREAK SPACE}", " ")

    assert takeaway == "The mask of 'a' keeps the most weights, 50 %; that of 'd' keeps the fewest, 25 %."


def test_densities_stand_beside_random_signs(sums):
    found = densities(sums, [sums], TASKS, LAMBDAS)

    takeaway = densities_takeaway(found).replace("\N{NO-BREAK SPACE}", " ")

    assert takeaway == (
        "The mask of 'a' keeps the most weights, 50 % (random signs: 50 %); that of 'd' keeps the fewest, "
        "25 % (random signs: 25 %)."
    )


def test_no_mask_is_named_where_all_are_equally_dense(sums):
    found = densities(sums, [], TASKS, LAMBDAS)

    takeaway = densities_takeaway([found[0], found[0]]).replace("\N{NO-BREAK SPACE}", " ")

    assert takeaway == "Every mask keeps 50 % of the weights."


def test_hover_gives_the_number_of_weights(sums):
    assert densities(sums, [], TASKS, LAMBDAS)[0].hover == "'a' at λ = 0.4: keeps 12 weights"
