from dataclasses import replace

import numpy as np
import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant
from app.bench.interference import (
    leave_out_costs,
    leave_out_runs,
    merged_only,
    pair_costs,
    pair_recipe,
    pair_runs,
    why_no_merge,
)
from app.bench.runs import accuracies
from app.bench.task_costs import cost_rows, mutual_loss
from app.views.measured_interference.orders import adding_runs
from app.work.jobs import JobContext
from tests.zoo_on_disk import TASKS


def filled(plan):
    return {name: one.compute(JobContext()) for name, one in plan.items()}


@pytest.fixture
def pairs(bench):
    return filled(pair_runs(bench, pair_recipe(bench.tasks, 1.0)))


def test_a_task_alone_at_full_scale_is_its_fine_tuned_model(bench, pairs):
    costs = pair_costs(pairs)

    assert {cost.alone_accuracy for cost in costs.values()} == {0.9}
    assert set(costs) == {(a, b) for a in TASKS for b in TASKS if a != b}


def test_cost_of_a_pair_is_what_two_evaluations_say(bench, pairs):
    costs = pair_costs(pairs)
    recipe = merged_only(pair_recipe(bench.tasks, 1.0), frozenset({"deep", "everywhere"}))
    run = bench.run(recipe, n_images=None).compute(JobContext())
    anchors = bench.anchors(JobContext(), split="val", n_images=None)

    cost = costs["deep", "everywhere"]

    merged, alone = accuracies(run.predictions)["deep"], accuracies(anchors.fine_tuned)["deep"]
    assert (cost.merged_accuracy, cost.alone_accuracy) == (merged, alone)
    assert cost.accuracy.difference == pytest.approx(merged - alone)
    after, before = run.predictions["deep"].log_prob, anchors.fine_tuned["deep"].log_prob
    assert cost.loss.value == pytest.approx(before.mean() - after.mean(), abs=1e-6)
    assert cost.merged_loss - cost.alone_loss == pytest.approx(cost.loss.value, abs=1e-6)


def test_holm_counts_every_pair_that_was_measured(pairs):
    costs = pair_costs(pairs)
    some = {merged: run for merged, run in pairs.items() if len(merged) == 1 or "deep" in merged}

    fewer = pair_costs(some)

    assert len(fewer) == 4
    for key, cost in fewer.items():
        assert cost.adjusted_p <= costs[key].adjusted_p
        assert cost.accuracy == costs[key].accuracy


def test_leaving_a_task_out_compares_with_the_merge_of_all(bench):
    recipe = pair_recipe(bench.tasks, 0.4)
    costs = leave_out_costs(filled(leave_out_runs(bench, recipe)), bench.tasks)
    everything = bench.run(recipe, n_images=None).compute(JobContext())
    without = replace(recipe, weights={**recipe.weights, "deep": 0.0})
    less = bench.run(without, n_images=None).compute(JobContext())

    cost = costs["shallow", "deep"]

    assert cost.merged_accuracy == accuracies(everything.predictions)["shallow"]
    assert cost.alone_accuracy == accuracies(less.predictions)["shallow"]
    assert ("deep", "deep") not in costs
    assert leave_out_costs({}, bench.tasks) == {}


CONSENSUS = {"method": "consensus", "params": {"min_tasks": 2.0, "tall_lambda": 0.4}, "scaling": 1.0}


def test_a_task_alone_that_merges_to_the_base_is_measured_against_nothing(bench):
    recipe = Recipe.from_mapping(CONSENSUS, tasks=bench.tasks)
    bench.engine.merge(merged_only(recipe, frozenset({"deep"})))
    theta = bench.engine.theta.clone()
    bench.engine.merge(replace(recipe, scale=Constant(0.0)))

    assert (theta == bench.engine.theta).all()  # the base
    assert pair_runs(bench, recipe) == adding_runs(bench, recipe) == {}
    assert leave_out_runs(bench, recipe)  # two masks of two tasks keep something
    assert "fewer than 2 tasks" in why_no_merge(recipe, 1)
    assert why_no_merge(recipe, 2) is None


def test_a_method_that_keeps_single_tasks_is_measured(bench):
    params = {"min_tasks": 1.0, "tall_lambda": 0.4}
    recipe = Recipe.from_mapping(CONSENSUS | {"params": params}, tasks=bench.tasks)

    assert len(pair_runs(bench, recipe)) == 6


def test_nothing_can_be_left_out_of_one_task(bench):
    recipe = merged_only(pair_recipe(bench.tasks, 1.0), frozenset({"deep"}))

    assert leave_out_runs(bench, recipe) == {}
    assert "none can be left out" in why_no_merge(recipe, 0)


def test_rows_carry_both_models_and_the_difference(pairs):
    for row in cost_rows(pair_costs(pairs)):
        assert row["difference"] == pytest.approx(row["merged_accuracy"] - row["alone_accuracy"])
        assert row["low"] <= row["difference"] <= row["high"]
        assert row["loss_low"] <= row["loss_difference"] <= row["loss_high"]
        assert row["n"] == 40


def test_mutual_loss_is_the_mean_of_both_and_unknown_where_one_is(pairs):
    costs = pair_costs(pairs)
    known = mutual_loss(costs, TASKS)
    del costs["deep", "shallow"]

    assert known[0, 1] == known[1, 0]
    assert np.isnan(np.diagonal(known)).all()
    assert np.isnan(mutual_loss(costs, TASKS)[0, 1])


def test_tasks_the_recipe_leaves_out_stay_out(bench):
    recipe = pair_recipe(bench.tasks, 0.4)
    recipe = replace(recipe, weights={**recipe.weights, "shallow": 0.0})

    both = frozenset({"deep", "everywhere"})
    assert list(leave_out_runs(bench, recipe)) == [
        both, frozenset({"everywhere"}), frozenset({"deep"})
    ]  # fmt: skip
    assert set(adding_runs(bench, recipe)) <= {
        both, frozenset({"everywhere"}), frozenset({"deep"})
    }  # fmt: skip


def test_losses_are_corrected_over_all_pairs(pairs):
    costs = list(pair_costs(pairs).values())
    largest = min(costs, key=lambda cost: cost.loss.p_value)

    assert largest.adjusted_loss_p == pytest.approx(min(1.0, len(costs) * largest.loss.p_value))


def test_pairs_are_of_the_tasks_the_recipe_merges(bench):
    recipe = pair_recipe(bench.tasks, 0.4)
    recipe = replace(recipe, weights={**recipe.weights, "shallow": 0.0})

    assert set(pair_runs(bench, recipe)) == {
        frozenset({"deep"}), frozenset({"everywhere"}), frozenset({"deep", "everywhere"})
    }  # fmt: skip


def test_measurements_may_use_fewer_images(bench):
    recipe = pair_recipe(bench.tasks, 1.0)
    for plan in (pair_runs, leave_out_runs, adding_runs):
        runs = filled(plan(bench, recipe, 10))

        sizes = {len(one.labels) for run in runs.values() for one in run.predictions.values()}
        assert sizes == {10}
