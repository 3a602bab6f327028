from dataclasses import replace

import pytest

from analysis.evaluation.bootstrap import Estimate
from analysis.evaluation.intervals import PairedDifference
from analysis.evaluation.paired_loss import LossChange
from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Curve
from app.views.lines.layers import (
    WHOLE,
    LayerWorth,
    is_shown_clear,
    layer_recipes,
    layer_rows,
    layer_worths,
    layers_takeaway,
    mean_worth,
    shown_value,
    worth_cells,
)
from app.views.lines.validation_runs import validation_runs
from app.work.jobs import JobContext
from tests.made_runs import made_run


def worth(layer, value, *, task="digits", half=0.1, adjusted_p=1.0, accuracy=0.0):
    difference = PairedDifference(accuracy, accuracy, accuracy, 1.0, 0, 0, 40)
    loss_p = 1.0 if abs(value) < half else 0.01
    loss = LossChange(value, value - half, value + half, loss_p)
    return LayerWorth(layer, task, loss, difference, loss_p, adjusted_p)


def test_each_recipe_leaves_out_one_layer_and_keeps_the_others_factors():
    recipe = Recipe.from_mapping({"scaling": 0.3}, tasks=("a",))

    recipes = layer_recipes(recipe, Curve(0.2, (0.4, 0.6)))

    assert {name: one.scale for name, one in recipes.items()} == {
        WHOLE: Curve(0.2, (0.4, 0.6)),
        "outside": Curve(0.0, (0.4, 0.6)),
        "0": Curve(0.2, (0.0, 0.6)),
        "1": Curve(0.2, (0.4, 0.0)),
    }


def test_a_layer_nobody_changed_is_worth_nothing_and_the_one_that_was_is_worth_all(bench):
    alone = Recipe.from_mapping(
        {"weights": {"shallow": 0, "everywhere": 0}, "scaling": 1.0}, tasks=bench.tasks
    )
    recipes = layer_recipes(alone, Curve(1.0, (1.0, 1.0, 1.0)))  # 'deep' changes block 2 alone
    runs = validation_runs(bench, recipes)
    results = {name: run.compute(JobContext()) for name, run in runs.items()}

    found = {(one.layer, one.task): one for one in layer_worths(results, bench.tasks)}

    assert found["0", "deep"].loss == LossChange(0.0, 0.0, 0.0, 1.0)
    assert not found["0", "deep"].is_clear
    anchors = bench.anchors(JobContext(), split="val", n_images=None)
    base, tuned = anchors.zero_shot["deep"], anchors.fine_tuned["deep"]
    gone = found["2", "deep"]
    assert gone.loss.value == pytest.approx(float(tuned.log_prob.mean() - base.log_prob.mean()), abs=1e-5)
    assert gone.accuracy.difference > 0
    assert gone.accuracy.n == len(tuned.labels)


def test_signs_show_whether_the_layer_helps():
    whole = made_run({"digits": "1" * 40 + "0" * 10})
    without = made_run({"digits": "1" * 10 + "0" * 40})
    lower = {
        "digits": replace(without.predictions["digits"], log_prob=without.predictions["digits"].log_prob - 1)
    }

    (one,) = layer_worths({WHOLE: whole, "3": replace(without, predictions=lower)}, ["digits", "shapes"])

    assert one.loss.value == pytest.approx(1.0)  # a nat of loss more without it
    assert one.accuracy.difference == pytest.approx(0.6)
    assert (shown_value(one, "loss"), shown_value(one, "accuracy")) == (
        pytest.approx(1.0),
        pytest.approx(60.0),
    )


def test_accuracies_and_losses_are_corrected_over_all_cells():
    whole = made_run({"digits": "1" * 40, "shapes": "1" * 40})
    results = {WHOLE: whole, "0": made_run({"digits": "1" * 34 + "0" * 6, "shapes": "1" * 40})}

    found = layer_worths(results, ["digits", "shapes"])

    assert found[0].adjusted_p == pytest.approx(2 * found[0].accuracy.p_value)
    assert found[0].adjusted_loss_p == pytest.approx(min(1.0, 2 * found[0].loss.p_value))
    assert is_shown_clear(found[0], "accuracy")
    assert not is_shown_clear(found[1], "accuracy")


def test_loss_is_hatched_where_its_change_is_not_significant():
    assert is_shown_clear(worth("0", 0.2), "loss")
    assert is_shown_clear(worth("0", -0.2), "loss")
    assert not is_shown_clear(worth("0", 0.05), "loss")


def test_nothing_is_shown_before_the_whole_merge_is_measured():
    assert layer_worths({"0": made_run({"digits": "1"})}, ["digits"]) == []
    assert layers_takeaway([]) == "No layer is measured yet."


def test_mean_over_tasks_has_a_narrower_interval():
    found = mean_worth([worth("0", 0.3), worth("0", 0.1, task="shapes"), worth("1", 0.5)])

    assert found["0"].value == pytest.approx(0.2)
    assert found["0"].high - found["0"].value == pytest.approx(0.1 / 2**0.5)
    one = worth("1", 0.5).loss
    assert found["1"] == Estimate(one.value, one.low, one.high)


def test_takeaway_names_the_layer_that_is_needed_most():
    text = layers_takeaway([worth("0", 0.2), worth("1", 0.5), worth("outside", 0.3)])

    assert text == (
        "The tasks need block 1 most: without its update the mean loss grows by 0.500 nats (0.400 to 0.600). "
        "No task does significantly better without a layer."
    )
    outside = layers_takeaway([worth("0", 0.2), worth("outside", 0.3)])
    assert outside.startswith("The tasks need everything outside the blocks most")


def test_the_largest_of_many_means_must_stand_out_further_than_one_alone():
    missed = worth("0", 0.11)
    others = [worth(str(k), 0.0) for k in range(1, 11)]

    assert layers_takeaway([missed]).startswith("The tasks need block 0 most")
    assert layers_takeaway([missed, *others]).startswith(
        "On average over the tasks, no single layer is clearly needed."
    )


def test_takeaway_names_where_a_layer_is_in_the_way():
    text = layers_takeaway([worth("0", 0.5), worth("1", -0.3), worth("1", 0.0, task="shapes")])

    assert text.endswith(
        "In 1 of 3 cells the task does significantly better without the layer, most of all 'digits' without "
        "block 1."
    )


def test_takeaway_claims_nothing_that_the_images_do_not_show():
    assert layers_takeaway([worth("0", 0.05), worth("1", -0.05)]) == (
        "No layer's update makes a significant difference to any task's loss (2 cells)."
    )
    mixed = layers_takeaway([worth("0", 0.2), worth("0", -0.2, task="shapes")])
    assert mixed.startswith("On average over the tasks, no single layer is clearly needed. In 1 of 2 cells")


def test_table_has_loss_and_accuracy_with_intervals():
    (row,) = layer_rows([worth("0", 0.5, accuracy=0.25)])

    assert (row["layer"], row["n"], row["loss"], row["loss_low"], row["accuracy"]) == (
        "0",
        40,
        0.5,
        0.4,
        0.25,
    )


def test_cells_lie_by_layer_and_task_and_those_unmeasured_are_empty():
    cells = worth_cells(
        [worth("0", 0.5), worth("1", 0.05, task="shapes")], ["0", "1"], ["digits", "shapes"], "loss"
    )

    assert cells.values == [[0.5, None], [None, 0.05]]
    assert cells.text == [["+0.50", ""], ["", "+0.05"]]
    assert cells.hatched == [[False, False], [False, True]]
    assert (cells.largest, cells.unit) == (0.5, "gain of log-likelihood, nats")
    assert cells.hover[0][0] == (
        "'digits' without block 0: log-likelihood −0.500 nats (−0.600 to −0.400), accuracy 0.0 points, "
        "40 images"
    )
    assert cells.hover[0][1] == "not measured yet"


def test_cells_of_accuracy_are_in_points_and_hatched_by_their_own_test():
    found = [worth("0", 0.5, accuracy=0.2), worth("1", 0.5, accuracy=-0.25, adjusted_p=0.01)]

    cells = worth_cells(found, ["0", "1"], ["digits"], "accuracy")

    assert cells.values == [[20.0], [-25.0]]
    assert cells.text == [["+20"], ["−25"]]
    assert cells.hatched == [[True], [False]]
    assert (cells.largest, cells.unit) == (25.0, "points of accuracy")


def test_nothing_measured_still_has_colours():
    assert worth_cells([], ["0"], ["digits"], "loss").largest == 1.0
