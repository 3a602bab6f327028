import pytest

from app.bench.interference import merged_only, pair_recipe
from app.bench.runs import accuracies
from app.views.measured_interference.orders import added_one_by_one, adding_runs, adding_takeaway, orders
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
    [(45, 20, "fall"), (20, 45, "rise"), (45, 44, "show no significant change")],
)
def test_takeaway_says_what_joining_does_only_as_far_as_the_images_tell(alone, merged, verb):
    said = adding_takeaway(runs(alone, merged), ("digits", "shapes"))

    assert f" {verb} from {2 * alone:.1f}\xa0% alone to {2 * merged:.1f}\xa0% in the merge of all 2" in said


def test_nothing_is_told_before_all_are_merged():
    found = runs(45, 20)
    del found[frozenset({"digits", "shapes"})]

    assert adding_takeaway(found, ("digits", "shapes")) == "Not all tasks are added yet."
    assert adding_takeaway({}, ("digits",)) == "Not all tasks are added yet."


def test_takeaway_says_what_the_order_decides_halfway():
    outcome = "1" * 45 + "0" * 5
    found = runs(45, 20)
    found[frozenset({"shapes"})] = made_run({"digits": "0" * 50, "shapes": outcome})
    found[frozenset({"digits"})] = made_run({"digits": outcome, "shapes": outcome})

    assert adding_takeaway(found, ("digits", "shapes")).endswith(
        " With 1 merged, the order decides between 45.0\xa0% and 90.0\xa0% over all."
    )
