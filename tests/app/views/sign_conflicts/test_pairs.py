import numpy as np
import pytest

from analysis.evaluation.intervals import PairedDifference
from analysis.evaluation.paired_loss import LossChange
from app.bench.task_costs import Cost
from app.views.sign_conflicts.look import part
from app.views.sign_conflicts.pairs import (
    LEAST_REACH,
    conflict_triangle,
    cosine_triangle,
    mean_drops,
    measured_detail,
    pair_detail,
    pair_hovers,
    pair_rows,
    pair_table,
    pairs_takeaway,
)
from tests.made_conflicts import N, independent, look_at, statistics_of, zoo_of
from tests.made_vectors import big_updates


def table_of(taus, *, by_similarity=False, density=0.2, **others):
    vectors = zoo_of(taus)
    look = look_at(vectors, density, **others)
    whole_sums, trimmed = (
        part(statistics_of(vectors), None, None),
        part(statistics_of(vectors, density), None, None),
    )
    return look, pair_table(look, whole_sums, trimmed, by_similarity=by_similarity)


def test_pairs_of_independent_tasks_do_not_stand_out():
    assert pairs_takeaway(table_of(independent())[1]).startswith("No pair conflicts clearly more or less")


def test_the_pairs_furthest_from_chance_are_named():
    friends = np.concatenate([independent(2), independent(2)[:1] + 0.5 * big_updates(1, N, seed=3)])
    foes = np.concatenate([friends, -friends[1:2] + 0.5 * big_updates(1, N, seed=4)])

    text = pairs_takeaway(table_of(foes)[1])

    assert "'task0' and 'task2' conflict least (" in text
    assert "'task1' and 'task3' conflict most (" in text
    assert text.endswith("Pairs clearly below the 50\xa0% of chance: 1 of 6; clearly above it: 1.")


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
    counts = part(statistics_of(vectors, 0.2), None, None)
    agree, conflict = int(counts.agree[0, 0, 1]), int(counts.conflict[0, 0, 1])

    (row,) = [row for row in pair_rows(table, {}) if {row["task_a"], row["task_b"]} == {"task0", "task1"}]

    assert row["both_nonzero"] == agree + conflict
    assert row["conflict_rate"] == pytest.approx(conflict / (agree + conflict))
    assert row["cosine"] == pytest.approx(np.corrcoef(taus[0], taus[1])[0, 1], abs=0.01)
    assert f"of the {agree + conflict:,} weights both keep" in pair_detail(table, look)


def test_without_a_chosen_pair_there_are_no_numbers_of_one():
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
        "Measured change of accuracy, merged at λ = 0.5: 'c' +1.0 points (log-likelihood −0.20 nats), "
        "'a-b' −4.0 points (log-likelihood −0.20 nats)."
    )


def test_a_pair_that_was_not_measured_shows_no_cost():
    half = {("a", "b"): cost("a", "b", -0.04)}

    assert measured_detail(half, ("a", "c"), merged="at λ = 1") == ""
    assert mean_drops(half) == {}


def test_scales_reach_to_the_largest_value_but_noise_stays_pale():
    strong, weak = table_of(np.repeat(independent(1), 2, axis=0))[1], table_of(independent(2))[1]

    assert cosine_triangle(strong).reach == pytest.approx(1.0)
    assert conflict_triangle(strong, {}).reach == pytest.approx(0.5)
    assert (cosine_triangle(weak).reach, conflict_triangle(weak, {}).reach) == (0.1, LEAST_REACH)


def test_measured_drops_are_noted_below_the_share_of_conflict():
    drops = {("task0", "task1"): -0.031, ("task1", "task0"): -0.031}

    assert conflict_triangle(table_of(independent(2))[1], drops).notes == [["", "−3.1"], ["−3.1", ""]]


def test_a_cell_under_the_mouse_shows_cosine_conflict_and_what_was_measured():
    costs = {("task0", "task1"): cost("task0", "task1", -0.04)}

    hovers = pair_hovers(table_of(np.repeat(independent(1), 3, axis=0))[1], costs, merged="at λ = 1")

    assert hovers[0][0] == "task0"
    assert hovers[1][0] == (
        "task1 and task0\ncosine 1.000\nconflict 0.0\xa0%, chance 50\xa0%\n"
        "measured change of accuracy, merged at λ = 1:\n'task0' −4.0 points (log-likelihood −0.20 nats)"
    )
    assert "measured" not in hovers[0][2]


def test_a_pair_without_a_weight_in_common_is_stated_everywhere():
    look, table = table_of(np.eye(2).repeat(N // 2, axis=1), density=1, pair=("task0", "task1"))

    assert pairs_takeaway(table) == "No two tasks have a weight in common."
    assert pair_detail(table, look) == "'task0' and 'task1': cosine 0.000. No weight is changed by both."
    assert pair_hovers(table, {}, merged="")[0][1].endswith("\nno weight in common")
