from dataclasses import fields, replace

import numpy as np
import pytest

from analysis.masks.counts import MaskSums
from analysis.masks.multi_task_vector import MaskInputs, Vector
from analysis.masks.tall import tall_counts
from app.views.tall_masks.counts import (
    KeptBy,
    cell_rows,
    kept_by,
    kept_by_rows,
    kept_by_takeaway,
    unkept_takeaway,
)
from app.views.tall_masks.random_signs import DRAWS, Chance
from app.views.tall_masks.shown import part
from tests.made_vectors import big_updates, one_block, task_vectors_of
from tests.made_vectors import whole as whole_of
from tests.planted_masks import independent_counts, planted_counts


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def whole():
    return part(planted_counts(), None, None)


@pytest.fixture(scope="module")
def nulls():
    return [part(planted_counts(sign_seed=seed), None, None) for seed in range(5)]


def test_unchanged_weights_count_nowhere(whole):
    rows = kept_by(whole, [])

    assert [row.n for row in rows] == [6, 7, 2, 0, 6]
    assert [row.share for row in rows] == pytest.approx([6 / 21, 7 / 21, 2 / 21, 0, 6 / 21])
    assert [row.name for row in rows] == ["catastrophic", "selfish", "shared", "shared", "universal"]


def test_sum_to_mass_is_one_where_all_agree_and_zero_where_they_cancel(whole):
    rows = kept_by(whole, [])

    assert rows[0].sum_to_mass == pytest.approx(1)
    assert rows[2].sum_to_mass == rows[4].sum_to_mass == 0
    assert rows[3].sum_to_mass is None


def test_equal_signs_are_a_share_of_the_weights_of_a_count(whole):
    rows = kept_by(whole, [])

    assert [row.equal_signs for row in rows] == [1, 1, 0, None, 0]


def test_energy_is_what_the_sum_has_there(whole):
    rows = kept_by(whole, [])

    energies = np.array([6 * 16, 7 * 1.03**2, 0, 0, 0])
    assert [row.energy for row in rows] == pytest.approx(energies / energies.sum())


def test_null_is_the_mean_of_the_draws(whole, nulls):
    rows = kept_by(whole, nulls)

    shares = [null.moved[0, 0] / null.moved[0].sum() for null in nulls]
    assert rows[0].by_chance.mean == pytest.approx(np.mean(shares))
    assert rows[0].by_chance.mean < rows[0].share


def test_part_without_weights_has_no_shares():
    rows = kept_by(part(planted_counts(), "visual:1", "mlp_in"), [])

    assert [row.share for row in rows] == [0] * 5
    assert kept_by_takeaway(rows) == "No task changed these weights."


def row(share, null, *, side=0, count=1, equal=0.1):
    return KeptBy(count, "", 10, share, Chance(null, 0.01), side, 0.5, 0.5, equal, 0.1, 0.2)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (
            row(0.49, 0.41, side=1),
            "49 % of the changed weights, more than with random signs (41 %); no mask keeps",
        ),
        (
            row(0.30, 0.41, side=-1),
            "30 % of the changed weights, less than with random signs (41 %); no mask keeps",
        ),
        (row(0.415, 0.41), "42 % of the changed weights, about as much as with random signs (41 %); no mask"),
        (row(0.49, 0.41), "49 % of the changed weights, no clear difference from random signs (41 %); no"),
    ],
)
def test_more_is_stated_only_where_it_is_more_than_the_null(one, expected):
    takeaway = plain(kept_by_takeaway([row(0.02, 0.02, count=0), one]))

    assert takeaway.startswith(f"Exactly one mask keeps {expected}")


def test_independent_tasks_keep_weights_as_random_signs_do():
    nulls = [part(independent_counts(6, sign_seed=seed), None, None) for seed in range(5)]

    takeaway = kept_by_takeaway(kept_by(part(independent_counts(6), None, None), nulls))

    assert takeaway.count("about as much as with random signs") == 2


@pytest.mark.parametrize("n", [40, 128, 600])
def test_small_parts_of_independent_tasks_differ_from_random_signs_in_no_draw(n):
    sides = []
    for seed in range(60):
        taus = big_updates(8, n, seed)
        vectors = task_vectors_of(taus, one_block(n))
        masks = [MaskInputs(vectors, whole_of(vectors), sign_seed=draw) for draw in (None, *range(DRAWS))]
        counts = [part(tall_counts(one, (0.4,) * 8), None, None) for one in masks]
        sides += [row.side for row in kept_by(counts[0], counts[1:])[:2]]

    assert sides.count(0) == len(sides)


def test_planted_tasks_leave_more_weights_to_no_mask_than_random_signs_do(whole, nulls):
    def often(sums):
        return MaskSums(**{field.name: 20 * getattr(sums, field.name) for field in fields(sums)})

    takeaway = plain(kept_by_takeaway(kept_by(often(whole), [often(null) for null in nulls])))

    assert "no mask keeps 29 %, more than with random signs (" in takeaway


def test_a_few_planted_weights_are_no_proof(whole, nulls):
    takeaway = plain(kept_by_takeaway(kept_by(whole, nulls)))

    assert "no mask keeps 29 %, no clear difference from random signs (5.7 %)" in takeaway


def test_sentence_stands_without_a_null():
    takeaway = kept_by_takeaway(
        [replace(row(0.02, 0.02), by_chance=None), replace(row(0.3, 0.2), by_chance=None)]
    )

    assert plain(takeaway) == "Exactly one mask keeps 30 % of the changed weights; no mask keeps 2.0 %."


def test_sum_exceeds_every_update_where_the_weights_no_mask_keeps_have_equal_signs(whole):
    rows = kept_by(whole, [])

    text = (
        "Of the weights that no mask keeps, 100 % are changed in the same direction by every task that "
        "changes them"
    )
    assert plain(unkept_takeaway(rows, Vector.SUM)) == (
        f"{text}; there the sum exceeds every single task's update."
    )
    assert plain(unkept_takeaway(rows, Vector.TIES)) == f"{text}."


def test_weights_no_mask_keeps_stand_beside_random_signs():
    like_chance = replace(row(0.1, 0.1, equal=0.995), equal_signs_by_chance=1.0)
    unlike = replace(row(0.1, 0.1, equal=0.8), equal_signs_by_chance=0.3)

    assert ", about as many as with random signs (100 %); there" in plain(
        unkept_takeaway([like_chance], Vector.SUM)
    )
    assert " (random signs: 30 %); there the sum" in plain(unkept_takeaway([unlike], Vector.SUM))


def test_nothing_is_stated_of_the_sum_where_signs_differ():
    takeaway = unkept_takeaway([row(0.1, 0.1, equal=0.22)], Vector.SUM)

    assert plain(takeaway) == (
        "Of the weights that no mask keeps, 22 % are changed in the same direction by every task that "
        "changes them (random signs: 10 %)."
    )


def test_weights_that_do_not_exist_have_no_signs():
    rows = [replace(row(0.0, 0.0), n=0, equal_signs=None)]

    assert unkept_takeaway(rows, Vector.SUM) == "Every changed weight is kept by at least one mask."


@pytest.mark.parametrize(("count", "masks"), [(0, "0 masks"), (1, "1 mask"), (2, "2 masks")])
def test_hover_counts_masks_and_weights(count, masks):
    with_null = replace(row(0.49, 0.41, count=count), name="name", n=1200)

    assert plain(with_null.hover) == f"{masks} (name): 1 200 weights, 49 %\nrandom signs: 41 %"
    assert plain(replace(with_null, by_chance=None).hover) == f"{masks} (name): 1 200 weights, 49 %"


def test_cells_below_the_bars_are_empty_where_no_weights_are(whole, nulls):
    ratio, equal, energy = cell_rows(kept_by(whole, nulls))

    assert [text.replace("\N{NO-BREAK SPACE}", " ") for text in equal[2]] == [
        "100 %",
        "100 %",
        "0 %",
        "",
        "0 %",
    ]
    assert ratio[2][0] == "1.00"
    assert ratio[1][3] is None
    assert energy[3] is None


def test_table_has_a_row_per_count(whole, nulls):
    rows = kept_by_rows(kept_by(whole, nulls))

    assert [row["weights"] for row in rows] == [6, 7, 2, 0, 6]
    assert rows[1]["name"] == "selfish"
