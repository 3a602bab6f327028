from dataclasses import replace

import numpy as np
import pytest

from analysis.bootstrap import Estimate
from app.services.disentanglement import (
    axis,
    disentanglement_cells,
    disentanglement_error,
    disentanglement_takeaway,
    lab_point,
)
from app.services.interference import (
    added_one_by_one,
    adding_cells,
    adding_takeaway,
    cost_rows,
    costs_takeaway,
    leave_out_cells,
    leave_out_costs,
    merged_only,
    mutual_loss,
    orders,
    pair_cells,
    pair_costs,
    pair_recipe,
)
from app.services.jobs import JobContext
from app.services.runs import accuracies
from tests.zoo_on_disk import TASKS


def filled(cells):
    return {cell.name: cell.measure(JobContext()) for cell in cells}


@pytest.fixture
def pairs(bench):
    return filled(pair_cells(bench, pair_recipe(bench.tasks, 1.0)))


def test_a_task_alone_at_full_scale_is_its_fine_tuned_model(bench, pairs):
    costs = pair_costs(pairs)

    assert {cost.alone_accuracy for cost in costs.values()} == {0.9}
    assert set(costs) == {(a, b) for a in TASKS for b in TASKS if a != b}


def test_cost_of_a_pair_is_what_two_evaluations_say(bench, pairs):
    costs = pair_costs(pairs)
    recipe = merged_only(pair_recipe(bench.tasks, 1.0), frozenset({"deep", "everywhere"}))
    run = bench.measure(recipe, JobContext(), n_images=None)
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
    costs = leave_out_costs(filled(leave_out_cells(bench, recipe)), bench.tasks)
    everything = bench.measure(recipe, JobContext(), n_images=None)
    without = replace(recipe, weights={**recipe.weights, "deep": 0.0})
    less = bench.measure(without, JobContext(), n_images=None)

    cost = costs["shallow", "deep"]

    assert cost.merged_accuracy == accuracies(everything.predictions)["shallow"]
    assert cost.alone_accuracy == accuracies(less.predictions)["shallow"]
    assert ("deep", "deep") not in costs
    assert leave_out_costs({}, bench.tasks) == {}


def test_orders_are_repeatable_and_each_has_every_task_once():
    found = orders(TASKS)

    assert found == orders(TASKS)
    assert found[0] == TASKS
    assert all(sorted(order) == sorted(TASKS) for order in found)
    assert len(set(found)) == len(found)


def test_added_tasks_end_where_the_merge_of_all_stands(bench):
    recipe = pair_recipe(bench.tasks, 0.4)
    results = filled(adding_cells(bench, recipe))

    curves = added_one_by_one(results, bench.tasks)

    whole = bench.measure(recipe, JobContext(), n_images=None)
    assert {round(curve[-1], 9) for _, curve in curves} == {round(whole.mean.accuracy, 9)}
    one = bench.measure(merged_only(recipe, frozenset({TASKS[0]})), JobContext(), n_images=None)
    assert curves[0][1][0] == accuracies(one.predictions)[TASKS[0]]


def test_adding_says_falls_only_where_it_falls():
    falls = adding_takeaway([(("a", "b"), [0.9, 0.5]), (("b", "a"), [0.8, 0.5])])
    stays = adding_takeaway([(("a", "b"), [0.5, 0.6])])

    assert "falls: 85% with one, 50% with all 2" in falls
    assert "does not fall" in stays
    assert "Not all tasks" in adding_takeaway([(("a", "b"), [0.9, None])])


def test_takeaway_names_the_worst_loss_only_where_one_is_clear(pairs):
    costs = pair_costs(pairs)
    key = ("deep", "everywhere")
    clear = {**costs, key: replace(costs[key], loss=Estimate(9.0, 8.0, 10.0))}
    unclear = {k: replace(cost, loss=Estimate(0.1, -1.0, 1.0)) for k, cost in costs.items()}

    assert "deep loses most, to everywhere: −9.00 nats of log-likelihood" in costs_takeaway(clear)
    assert costs_takeaway(unclear).startswith("No task clearly loses")
    assert costs_takeaway({}) == "Nothing is measured yet."


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


def test_finer_grids_hold_the_coarser_ones():
    assert set(axis(7)) < set(axis(13)) < set(axis(25))
    assert {0.0, 1.0} < set(axis(7))


def test_on_the_axes_only_the_absent_tasks_answers_change(bench):
    pair = ("deep", "everywhere")
    results = filled(disentanglement_cells(bench, pair, 4))

    base = results[0.0, 0.0].predictions
    for a in axis(4):
        # Its own images see the same model; the other's see it instead of the base.
        alone = results[a, 0.0].predictions
        expected = np.mean(alone["everywhere"].prediction != base["everywhere"].prediction)
        assert disentanglement_error(results, pair, (a, 0.0)) == expected
    assert disentanglement_error(results, pair, (0.0, 0.0)) == 0


def test_error_is_the_share_of_answers_that_change(bench):
    pair = ("deep", "everywhere")
    results = filled(disentanglement_cells(bench, pair, 4))
    merged, first, second = results[1.0, 1.0], results[1.0, 0.0], results[0.0, 1.0]

    expected = np.mean(merged.predictions["deep"].prediction != first.predictions["deep"].prediction)
    expected += np.mean(
        merged.predictions["everywhere"].prediction != second.predictions["everywhere"].prediction
    )

    assert disentanglement_error(results, pair, (1.0, 1.0)) == pytest.approx(expected)
    del results[0.0, 1.0]
    assert disentanglement_error(results, pair, (1.0, 1.0)) is None


def test_disentanglement_says_where_the_square_is_calm_and_where_the_lab_stands():
    pair = ("a", "b")
    calm = disentanglement_takeaway({(0.0, 0.0): 0.0, (1.0, 1.0): 0.05, (2.0, 2.0): 1.5}, pair, (0.9, 0.9))
    rough = disentanglement_takeaway({(0.0, 0.0): 0.0, (1.0, 1.0): 0.8}, pair, None)

    assert "2 of 2 points" in calm
    assert "Near the lab's coefficients, at (1, 1), ξ = 0.05" in calm
    assert "1 of 2 points" in rough
    assert "(1, 1), has ξ = 0.80" in rough
    assert "Nothing of the square" in disentanglement_takeaway({(2.0, 2.0): 1.0}, pair, None)


def test_the_lab_has_a_place_on_the_map_only_under_one_scale(bench):
    recipe = pair_recipe(bench.tasks, 0.5)
    lines = pair_recipe(bench.tasks, 0.5).from_mapping(
        {"lines": {"alpha": 0.2, "beta": 0.5}}, tasks=bench.tasks
    )

    weighed = replace(recipe, weights={**recipe.weights, "deep": 2.0})
    assert lab_point(weighed, ("deep", "everywhere")) == (1.0, 0.5)
    assert lab_point(lines, ("deep", "everywhere")) is None


def test_tasks_the_recipe_leaves_out_stay_out(bench):
    recipe = pair_recipe(bench.tasks, 0.4)
    recipe = replace(recipe, weights={**recipe.weights, "shallow": 0.0})

    both = frozenset({"deep", "everywhere"})
    assert [cell.name for cell in leave_out_cells(bench, recipe)] == [
        both, frozenset({"everywhere"}), frozenset({"deep"})
    ]  # fmt: skip
    assert {cell.name for cell in adding_cells(bench, recipe)} <= {
        both, frozenset({"everywhere"}), frozenset({"deep"})
    }  # fmt: skip
