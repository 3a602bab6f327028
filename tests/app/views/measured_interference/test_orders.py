import pytest

from app.bench.interference import merged_only, pair_recipe
from app.bench.runs import accuracies
from app.views.measured_interference.orders import (
    added_one_by_one,
    adding_runs,
    adding_takeaway,
    mean_curve,
    order_rows,
    orders,
)
from app.work.jobs import JobContext
from tests.made_runs import made_run
from tests.zoo_on_disk import TASKS


def filled(plan):
    return {name: one.compute(JobContext()) for name, one in plan.items()}


def test_orders_are_repeatable_and_each_has_every_task_once():
    found = orders(TASKS)

    assert found == orders(TASKS)
    assert found[0] == TASKS
    assert all(sorted(order) == sorted(TASKS) for order in found)
    assert len(set(found)) == len(found)


def test_added_tasks_end_where_the_merge_of_all_stands(bench):
    recipe = pair_recipe(bench.tasks, 0.4)
    results = filled(adding_runs(bench, recipe))

    curves = added_one_by_one(results, bench.tasks, of_all=False)

    whole = bench.run(recipe, n_images=None).compute(JobContext())
    assert {round(curve[-1], 9) for _, curve in curves} == {round(whole.mean.accuracy, 9)}
    one = bench.run(merged_only(recipe, frozenset({TASKS[0]})), n_images=None).compute(JobContext())
    assert curves[0][1][0] == accuracies(one.predictions)[TASKS[0]]


def test_mean_over_all_counts_those_that_have_not_joined(bench):
    recipe = pair_recipe(bench.tasks, 0.4)
    results = filled(adding_runs(bench, recipe))

    curves = added_one_by_one(results, bench.tasks, of_all=True)

    order, curve = curves[0]
    first = bench.run(merged_only(recipe, frozenset(order[:1])), n_images=None).compute(JobContext())
    assert curve[0] == pytest.approx(first.mean.accuracy)
    assert curve[-1] == added_one_by_one(results, bench.tasks, of_all=False)[0][1][-1]


def runs(alone, merged):
    """Both tasks alone and merged, 50 images each; how many of them are right."""
    outcome = {n: "1" * n + "0" * (50 - n) for n in (alone, merged)}
    single = made_run({"digits": outcome[alone], "shapes": outcome[alone]})
    return {
        frozenset({"digits"}): single,
        frozenset({"shapes"}): single,
        frozenset({"digits", "shapes"}): made_run({"digits": outcome[merged], "shapes": outcome[merged]}),
    }


@pytest.mark.parametrize(
    ("alone", "merged", "verb"),
    [(45, 20, "falls"), (20, 45, "rises"), (45, 44, "shows no significant change")],
)
def test_takeaway_states_what_joining_does_only_as_far_as_the_images_show(alone, merged, verb):
    sentence = adding_takeaway(runs(alone, merged), ("digits", "shapes"))

    assert sentence.startswith(
        f"The mean accuracy of the 2 tasks that begin an order {verb} from {2 * alone:.1f}\xa0% alone to "
        f"{2 * merged:.1f}\xa0% in the merge of all 2 ("
    )


def test_nothing_is_claimed_before_all_are_merged():
    found = runs(45, 20)
    del found[frozenset({"digits", "shapes"})]

    assert adding_takeaway(found, ("digits", "shapes")) == "Accuracy as tasks are added is not measured yet."


def test_one_task_is_not_added_to_another():
    sentence = adding_takeaway({}, ("digits",))

    assert sentence == "The lab's recipe merges fewer than two tasks: none can be added to another."


def test_takeaway_states_what_the_order_decides_halfway():
    outcome = "1" * 45 + "0" * 5
    found = runs(45, 20)
    found[frozenset({"shapes"})] = made_run({"digits": "0" * 50, "shapes": outcome})
    found[frozenset({"digits"})] = made_run({"digits": outcome, "shapes": outcome})

    assert adding_takeaway(found, ("digits", "shapes")).endswith(
        " With 1 task merged, the mean over all tasks lies between 45.0\xa0% and 90.0\xa0%, depending on the "
        "order."
    )


def test_mean_curve_is_that_of_the_orders_measured():
    curves = [(("digits", "signs"), [0.9, 0.5, None]), (("signs", "digits"), [0.7, None, None])]

    assert mean_curve(curves) == [pytest.approx(0.8), 0.5, None]


def test_rows_name_the_task_that_was_added():
    first, second = order_rows([(("digits", "signs"), [0.9, None])])

    assert first == {"order": 0, "tasks": 1, "added": "digits", "mean_accuracy": 0.9}
    assert second == {"order": 0, "tasks": 2, "added": "signs", "mean_accuracy": None}
