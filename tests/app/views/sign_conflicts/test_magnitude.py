from itertools import pairwise

import numpy as np
import pytest

from analysis.evaluation.intervals import PairedDifference
from analysis.evaluation.paired_loss import LossChange
from analysis.model.places import places
from analysis.weights.sign_conflict import sum_to_mass
from analysis.weights.statistics import statistics
from analysis.weights.trim import magnitude_trim
from app.bench.task_costs import Cost
from app.views.sign_conflicts.look import Look, by_layer, conflict_takeaway, part
from app.views.sign_conflicts.magnitude import DENSITIES, band_rows, bands, magnitude_takeaway
from app.views.sign_conflicts.pairs import (
    mean_drops,
    measured_detail,
    pair_detail,
    pair_rows,
    pair_table,
    pairs_takeaway,
)
from app.views.sign_conflicts.shares import (
    excess_takeaway,
    graded_takeaway,
    layer_shares,
    rate_rows,
    share_rows,
    shares_takeaway,
)
from app.views.sign_conflicts.ties import Fates, fate_rows, fates_by_layer, fates_by_task, ties_takeaway
from tests.made_vectors import big_updates, one_block, task_vectors_of, whole

N = 12_000
LAYERS = 3
SHAPES = {f"visual.transformer.resblocks.{layer}.mlp.c_fc.weight": (N // LAYERS,) for layer in range(LAYERS)}


def zoo_of(taus):
    return task_vectors_of(np.asarray(taus, dtype=np.float32), SHAPES)


def of(vectors, density=None, sign_seed=None):
    rows = range(vectors.n_tasks)
    cut = density and magnitude_trim(vectors.deltas, rows, whole(vectors), density=density)
    return statistics(vectors, whole(vectors), cut=cut, sign_seed=sign_seed)


def independent(n_tasks=8):
    return big_updates(n_tasks, N)


def shared(n_tasks=4):
    return big_updates(n_tasks, N) + 0.7 * big_updates(1, N, seed=1)


def opposed():
    common = big_updates(1, N, seed=1)
    return np.concatenate([big_updates(1, N) + common, big_updates(1, N, seed=2) - common])


def look_at(vectors, density=0.2, **others):
    return Look(vectors.tasks, density, **others)


def said_of(taus, density=0.2, where="", **others):
    vectors = zoo_of(taus)
    sums = part(of(vectors, None if density == 1 else density), None, None)
    return conflict_takeaway(look_at(vectors, density, **others), sums, where=where)


@pytest.mark.parametrize("is_weighted", [False, True])
def test_independent_random_vectors_read_no_more_conflict_than_chance(is_weighted):
    text = said_of(independent(), is_weighted=is_weighted)

    assert text.endswith("not clearly off chance." if is_weighted else "no more conflict than chance.")


def test_few_weights_are_no_proof_of_chance():
    taus = np.array([[1.0] * 12, [1.0, 1.0, *[-1.0] * 10]], np.float32)
    vectors = task_vectors_of(taus, one_block(12))

    text = conflict_takeaway(look_at(vectors, 1.0), part(of(vectors), None, None))

    assert "83" in text
    assert text.endswith("not clearly off chance.")


def test_independent_vectors_untrimmed_read_the_same_and_that_chance_saturates():
    text = said_of(independent(), density=1)

    assert "no more conflict than chance" in text
    assert "99.2\xa0%" in text
    assert "several of them move" in text
    assert text.endswith("trim to see more.")


@pytest.mark.parametrize("is_weighted", [False, True])
def test_vectors_that_share_a_direction_read_less_than_chance(is_weighted):
    assert said_of(shared(), is_weighted=is_weighted).endswith("they agree more than chance.")


@pytest.mark.parametrize("is_weighted", [False, True])
def test_opposed_vectors_read_more_than_chance(is_weighted):
    assert said_of(opposed(), is_weighted=is_weighted).endswith("they conflict more than chance.")


def test_a_sentence_about_a_pair_in_a_part_names_both():
    text = said_of(shared(), pair=("task1", "task3"), where="In block 2")

    assert text.startswith("In block 2 task1 and task3 conflict on ")
    assert "of the weights both keep, where chance gives 50\xa0%" in text


def test_tasks_without_a_weight_in_common_cannot_conflict():
    taus = np.eye(2, LAYERS).repeat(N // LAYERS, axis=1)

    assert said_of(taus, density=1).startswith("No weight is moved by several of them")


def test_a_part_counts_its_own_weights_only():
    vectors = zoo_of(independent(3))
    found = of(vectors)
    of_block = part(found, "visual:1", None)

    columns = vectors.deltas[:, N // LAYERS : 2 * N // LAYERS].numpy()
    assert of_block.n.tolist() == [N // LAYERS]
    assert of_block.conflict[0, 0, 2] == (columns[0] * columns[2] < 0).sum()
    assert part(found, "visual:1", "attn_q").n.tolist() == [0]
    assert part(found, None, "mlp_in").n.tolist() == [N]


def test_layers_come_in_the_order_given_and_leave_out_what_has_no_weights():
    vectors = zoo_of(independent(2))
    rows = places(vectors.layout)[::-1]

    shown, sums = by_layer(of(vectors), rows, None)
    assert shown == rows
    assert sums.sum_l1[0] == pytest.approx(float(vectors.deltas[:, -N // LAYERS :].sum(dim=0).abs().sum()))

    assert by_layer(of(vectors), rows, "attn_q")[0] == ()


def table_of(taus, *, by_similarity=False, density=0.2, **others):
    vectors = zoo_of(taus)
    look = look_at(vectors, density, **others)
    whole_sums, trimmed = part(of(vectors), None, None), part(of(vectors, density), None, None)
    return look, pair_table(look, whole_sums, trimmed, by_similarity=by_similarity)


def test_pairs_of_independent_tasks_do_not_stand_out():
    assert pairs_takeaway(table_of(independent())[1]).startswith("No pair conflicts clearly more or less")


def test_the_pairs_furthest_from_chance_are_named():
    friends = np.concatenate([independent(2), independent(2)[:1] + 0.5 * big_updates(1, N, seed=3)])
    foes = np.concatenate([friends, -friends[1:2] + 0.5 * big_updates(1, N, seed=4)])

    text = pairs_takeaway(table_of(foes)[1])

    assert "task0 and task2 conflict least" in text
    assert "task1 and task3 most" in text
    assert "1 of 6 pairs lie clearly below the 50\xa0% of chance, 1 above." in text


def test_tasks_are_ordered_by_similarity_or_as_in_the_zoo():
    taus = independent(3)
    taus[2] = taus[0] + 0.1 * taus[2]

    assert table_of(taus)[1].tasks == ("task0", "task1", "task2")
    tasks = table_of(taus, by_similarity=True)[1].tasks
    assert abs(tasks.index("task0") - tasks.index("task2")) == 1


def test_numbers_of_a_pair_are_its_own_in_any_order():
    taus = independent(3)
    taus[2] = taus[0] + 0.1 * taus[2]
    look, table = table_of(taus, by_similarity=True, pair=("task0", "task1"))
    vectors = zoo_of(taus)
    counts = part(of(vectors, 0.2), None, None)
    agree, conflict = int(counts.agree[0, 0, 1]), int(counts.conflict[0, 0, 1])

    (row,) = [row for row in pair_rows(table, {}) if {row["task_a"], row["task_b"]} == {"task0", "task1"}]

    assert row["both_nonzero"] == agree + conflict
    assert row["conflict_rate"] == pytest.approx(conflict / (agree + conflict))
    assert row["cosine"] == pytest.approx(np.corrcoef(taus[0], taus[1])[0, 1], abs=0.01)
    assert f"of the {agree + conflict:,} weights both keep" in pair_detail(table, look)


def test_nothing_is_said_of_a_pair_nobody_chose():
    look, table = table_of(independent(3))

    assert pair_detail(table, look) == ""


def cost(task, other, change):
    return Cost(
        task=task,
        other=other,
        alone_accuracy=0.9,
        merged_accuracy=0.9 + change,
        accuracy=PairedDifference(change, change - 0.1, change + 0.1, 0.5, 1, 2, 100),
        adjusted_p=1.0,
        alone_loss=0.3,
        merged_loss=0.5,
        loss=LossChange(0.2, 0.1, 0.3, 0.001),
        adjusted_loss_p=0.001,
    )


def test_what_a_pair_was_measured_to_cost_stands_beside_its_signs():
    costs = {("a-b", "c"): cost("a-b", "c", -0.04), ("c", "a-b"): cost("c", "a-b", 0.01)}

    assert mean_drops(costs)["a-b", "c"] == mean_drops(costs)["c", "a-b"] == pytest.approx(-0.015)
    assert measured_detail(costs, ("c", "a-b"), merged="at λ = 0.5") == (
        "Measured, merged at λ = 0.5: c +1.0 points (+0.20 nats), a-b −4.0 points (+0.20 nats)."
    )


def test_a_pair_that_was_not_measured_says_nothing_of_its_cost():
    half = {("a", "b"): cost("a", "b", -0.04)}

    assert measured_detail(half, ("a", "c"), merged="at λ = 1") == ""
    assert mean_drops(half) == {}


def layers_of(taus, density=0.2, **others):
    vectors = zoo_of(taus)
    look = look_at(vectors, density, **others)
    return look, *by_layer(of(vectors, density), places(vectors.layout), None)


def one_layer_apart():
    """Independent but in block 1, where the two tasks are opposed."""
    taus = big_updates(2, N)
    taus[1, N // LAYERS : 2 * N // LAYERS] = -taus[0, N // LAYERS : 2 * N // LAYERS]
    return taus


def test_shares_of_layers_say_where_conflict_is_most():
    look, shown, sums = layers_of(one_layer_apart())

    text = shares_takeaway(look, shown, sums)

    shares = layer_shares(look, sums)
    assert "largest share in block 1" in text
    assert shares[1, 1] == shares[:, 1].max()
    assert [row["conflict"] for row in share_rows(shown, sums, shares)] == shares[:, 1].tolist()


def test_shares_of_a_pair_are_of_the_two_alone():
    taus = independent(3)
    pair_look, _, sums = layers_of(taus, pair=("task0", "task2"))
    alone, _, alone_sums = layers_of(taus[[0, 2]])

    assert layer_shares(pair_look, sums) == pytest.approx(layer_shares(alone, alone_sums))


def test_layers_that_conflict_like_the_others_are_not_named():
    assert "largest share" not in shares_takeaway(*layers_of(independent()))


def test_shares_without_conflict_name_no_layer():
    taus = np.abs(independent(2))

    assert "largest share" not in shares_takeaway(*layers_of(taus))


def test_layers_beyond_chance_are_counted_and_the_furthest_is_named():
    look, shown, sums = layers_of(one_layer_apart())

    text = excess_takeaway(look, shown, look.rate(sums))

    assert text == (
        "The tasks conflict more than chance in 1 of 3 layers, furthest in block 1: "
        "100.0\xa0% where chance gives 50.0\xa0%."
    )
    assert rate_rows(shown, look.rate(sums))[1]["observed"] == 1.0


def test_no_layer_of_independent_tasks_is_beyond_chance():
    look, shown, sums = layers_of(independent())

    assert excess_takeaway(look, shown, look.rate(sums)) == (
        "In no layer do the tasks conflict clearly more or less than chance."
    )


def graded_of(taus):
    vectors = zoo_of(taus)
    found, null = of(vectors, 0.2), of(vectors, 0.2, sign_seed=0)
    shown, sums = by_layer(found, places(vectors.layout), None)
    rate = sum_to_mass(sums, by_layer(null, shown, None)[1])
    return graded_takeaway(rate, shown, sum_to_mass(found.total, null.total).at(0))


@pytest.mark.parametrize(
    ("taus", "verdict"),
    [
        (independent(), "not clearly off chance."),
        (shared(), "they cancel less than chance"),
        (opposed(), "they cancel more than chance"),
    ],
)
def test_what_the_sum_leaves_is_told_against_signs_drawn_anew(taus, verdict):
    text = graded_of(taus)

    assert verdict in text
    assert ("Furthest from chance: block" in text) is ("not clearly" not in verdict)


def bands_of(taus, **others):
    vectors = zoo_of(taus)
    sums = [
        (density, part(of(vectors, None if density == 1 else density), None, None)) for density in DENSITIES
    ]
    look = look_at(vectors, 1.0, **others)
    return bands(look, sums), look, sums


def test_bands_hold_the_weights_whose_smaller_move_ranks_there():
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
    """Two tasks that move a weight the same way where they move it far, or where they move it little."""
    taus = big_updates(2, N)
    far = np.abs(taus).min(axis=0) > 0.8
    chosen = far if agree_when_large else ~far
    taus[1] = np.where(chosen, np.abs(taus[1]) * np.sign(taus[0]), taus[1])
    return taus


def test_magnitude_is_named_when_large_or_small_moves_are_further_from_chance():
    large, look, _ = bands_of(tailed(agree_when_large=True))
    small, _, _ = bands_of(tailed(agree_when_large=False))

    assert magnitude_takeaway(large, look).startswith(
        "Large moves are further from chance: pairs conflict on"
    )
    assert magnitude_takeaway(small, look).startswith("Small moves are further from chance")


def test_independent_tasks_are_at_chance_at_every_magnitude():
    found, look, _ = bands_of(independent())

    assert magnitude_takeaway(found, look) == (
        "Pairs conflict neither clearly more nor clearly less than chance, however large the moves."
    )


def test_distances_that_weights_do_not_tell_apart_are_not_called_equal():
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


def fates_of(taus, density=0.2):
    vectors = zoo_of(taus)
    return vectors, of(vectors), of(vectors, density)


def test_the_vote_names_who_loses_most_and_least():
    common = big_updates(1, N)
    taus = np.concatenate([common, 0.9 * common, -0.5 * common])
    vectors, untrimmed, trimmed = fates_of(taus)

    found = fates_by_task(vectors.tasks, untrimmed.total, trimmed.total)
    text = ties_takeaway(found, 0.2)

    assert found.shares[:, 2] == pytest.approx([0, 0, 1 - found.shares[2, 1]])
    assert "The vote costs task2 most" in text
    assert "task0 least, 0\xa0%" in text
    assert fate_rows(found, "task")[2]["outvoted"] == found.shares[2, 2]


def test_a_row_of_hardly_any_mass_is_not_named():
    found = Fates(
        ("a", "b", "c"),
        ("a", "b", "c"),
        np.array([1.0, 1.0, 0.001]),
        np.array([[0.6, 0.2, 0.2], [0.5, 0.2, 0.3], [0, 0, 1]]),
    )

    assert ties_takeaway(found, 0.2).endswith("The vote costs b most, 30\xa0%, and a least, 20\xa0%.")


def test_a_vote_that_costs_all_alike_names_nobody():
    vectors, untrimmed, trimmed = fates_of(np.abs(independent(3)))

    text = ties_takeaway(fates_by_task(vectors.tasks, untrimmed.total, trimmed.total), 0.2)

    assert text.endswith("out-vote 0\xa0%. The vote costs all about alike.")


def test_layers_of_one_task_and_of_all_add_up_to_the_same_mass():
    vectors, untrimmed, trimmed = fates_of(independent(3))
    shown, sums = by_layer(untrimmed, places(vectors.layout), None)
    _, cut = by_layer(trimmed, shown, None)
    of_tasks = fates_by_task(vectors.tasks, untrimmed.total, trimmed.total)

    all_tasks = fates_by_layer(shown, sums, cut, task=None)
    of_one = fates_by_layer(shown, sums, cut, task=1)

    assert all_tasks.total == pytest.approx(of_tasks.total)
    assert of_one.total == pytest.approx(of_tasks.shares[1])
    assert "that task1 moves" in ties_takeaway(of_one, 0.2, task="task1")
    assert all_tasks.names == ("0", "1", "2")
    assert all_tasks.spoken[0] == "block 0"


def test_weights_nobody_moves_have_no_fate():
    vectors, untrimmed, trimmed = fates_of(np.zeros((2, N)))

    found = fates_by_task(vectors.tasks, untrimmed.total, trimmed.total)

    assert ties_takeaway(found, 0.2) == "No task moves these weights."
    assert fate_rows(found, "task")[0]["kept"] is None
