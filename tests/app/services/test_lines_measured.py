from dataclasses import replace

import numpy as np
import pytest

from analysis.bootstrap import Estimate
from analysis.recipe import Recipe
from analysis.scaling import Constant, Curve, Lines
from app.services.jobs import JobContext
from app.services.lines_measured import (
    CONSTANT,
    LINES,
    OUTSIDE,
    REVERSED,
    Sensitivity,
    TradeOff,
    base_recipe,
    best_of,
    difference,
    layers_of,
    measured_cell,
    sensitivities,
    sensitivity_takeaway,
    sweep_recipes,
    sweep_takeaway,
    trade_off,
    trade_off_recipe,
    trade_off_takeaway,
    without_layer,
)
from app.services.lines_profile import factors_of, layer_profile
from app.services.runs import accuracies


@pytest.fixture
def recipe(bench):
    return Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.6}}, tasks=bench.tasks)


def measured(bench, recipe):
    return measured_cell(bench, "x", recipe).measure(JobContext())


def answering(bench, recipe, correct):
    """A run of the zoo in which each task gets this share of its images right."""
    run = measured(bench, recipe)
    predictions = {}
    for task, one in run.predictions.items():
        n_right = round(correct.get(task, 0.5) * len(one.labels))
        wrong = (one.labels + 1) % 3
        predictions[task] = replace(
            one, prediction=np.where(np.arange(len(one.labels)) < n_right, one.labels, wrong)
        )
    mean = float(np.mean([accuracies(predictions)[task] for task in bench.tasks]))
    return replace(run, predictions=predictions, mean=replace(run.mean, accuracy=mean))


def test_every_beta_is_compared_with_its_constant_and_its_mirror_image(bench, recipe):
    profile = layer_profile(bench, recipe, JobContext())

    recipes = sweep_recipes(recipe, profile, 0.2, [0.0, 0.6])

    assert len(recipes) == 6
    assert recipes[LINES, 0.6].scale == Lines(0.2, 0.6)
    assert recipes[CONSTANT, 0.0].scale.scaling == pytest.approx(0.2)
    assert recipes[REVERSED, 0.6].scale.blocks == pytest.approx((0.8, 0.5, 0.2))


def test_best_beta_comes_with_those_not_told_from_it(bench, recipe):
    good = answering(bench, recipe, dict.fromkeys(bench.tasks, 0.9))
    near = answering(bench, recipe, dict.fromkeys(bench.tasks, 0.9) | {"deep": 0.875})
    bad = answering(bench, recipe, dict.fromkeys(bench.tasks, 0.4))

    found = best_of({(LINES, 0.2): bad, (LINES, 0.4): near, (LINES, 0.6): good, (CONSTANT, 0.6): bad}, LINES)

    assert found == ((LINES, 0.6), [(LINES, 0.4), (LINES, 0.6)])
    assert best_of({(CONSTANT, 0.6): bad}, LINES) is None


def test_sweep_says_above_below_or_not_told(bench, recipe):
    good = answering(bench, recipe, dict.fromkeys(bench.tasks, 0.9))
    bad = answering(bench, recipe, dict.fromkeys(bench.tasks, 0.4))

    above = sweep_takeaway({(LINES, 0.6): good, (CONSTANT, 0.6): bad, (REVERSED, 0.6): good})
    below = sweep_takeaway({(LINES, 0.6): bad, (CONSTANT, 0.6): good})

    assert "It is above a constant λ of equal size: +50.0 points" in above
    assert "not told from the reversed ramp: +0.0 points" in above
    assert "It is below a constant λ of equal size: −50.0 points" in below
    assert sweep_takeaway({}) == "Nothing of the sweep is measured yet."


def test_difference_is_of_the_same_images(bench, recipe):
    one, other = measured(bench, recipe), measured(bench, replace(recipe, scale=Constant(0.0)))

    assert difference(one, other).value == pytest.approx(one.mean.accuracy - other.mean.accuracy)


def test_trade_off_begins_at_the_fine_tuned_model(bench, recipe):
    whole = measured(bench, trade_off_recipe(recipe, "deep", 1.0))
    base = measured(bench, base_recipe(recipe))

    (point,) = trade_off({1.0: whole}, base, "deep")

    assert point.target == 1.0
    zero_shot, scores = accuracies(base.predictions), accuracies(whole.predictions)
    others = [task for task in scores if task != "deep"]
    assert point.control == pytest.approx(np.mean([scores[task] / zero_shot[task] for task in others]))
    assert point.is_best
    assert trade_off({1.0: whole}, None, "deep") == []


def test_trade_off_of_a_lab_that_trims_still_begins_at_the_fine_tuned_model(bench, recipe):
    ties = Recipe.from_mapping({"method": "ties", "scaling": 0.5}, tasks=bench.tasks)

    assert trade_off_recipe(ties, "deep", 1.0) == trade_off_recipe(recipe, "deep", 1.0)


def test_only_points_that_nothing_beats_are_on_the_front(bench, recipe):
    base = answering(bench, recipe, {})
    runs = {
        1.0: answering(bench, recipe, {"deep": 0.9, "shallow": 0.3, "everywhere": 0.3}),
        0.5: answering(bench, recipe, {"deep": 0.9, "shallow": 0.5, "everywhere": 0.5}),
        0.0: answering(bench, recipe, {"deep": 0.4, "shallow": 0.4, "everywhere": 0.4}),
    }
    runs = {
        alpha: replace(
            run,
            tasks=tuple(
                replace(score, normalized_accuracy=accuracies(run.predictions)["deep"] / 0.9)
                for score in run.tasks
            ),
        )
        for alpha, run in runs.items()
    }

    points = trade_off(runs, base, "deep")

    assert [(point.alpha, point.is_best) for point in points] == [(1.0, False), (0.5, True), (0.0, False)]


def test_trade_off_names_an_alpha_only_where_one_spares_the_others():
    spares = [TradeOff(1.0, 1.0, 0.7, True), TradeOff(0.3, 0.99, 0.95, True), TradeOff(0.0, 0.5, 1.0, True)]
    none = [TradeOff(1.0, 1.0, 0.7, True), TradeOff(0.0, 0.5, 1.0, True)]

    assert trade_off_takeaway(spares, "deep").startswith("At α = 0.3, deep keeps 99.0%")
    assert trade_off_takeaway(none, "deep").startswith("No α keeps 98 %")
    assert "Not enough" in trade_off_takeaway(spares[:1], "deep")


def test_removing_a_layer_leaves_the_others_factors(bench, recipe):
    factors = factors_of(recipe, layer_profile(bench, recipe, JobContext()))

    assert layers_of(factors) == [OUTSIDE, "0", "1", "2"]
    assert without_layer(recipe, factors, "1").scale == Curve(0.2, (0.2, 0.0, 0.8))
    assert without_layer(recipe, factors, OUTSIDE).scale == Curve(0.0, (0.2, 0.5, 0.8))


def test_a_layer_nobody_moved_is_worth_nothing_and_one_that_matters_is(bench, recipe):
    alone = trade_off_recipe(recipe, "deep", 1.0)  # moves block 2 alone
    factors = factors_of(alone, layer_profile(bench, alone, JobContext()))
    results = {"": measured(bench, alone)}
    results |= {layer: measured(bench, without_layer(alone, factors, layer)) for layer in layers_of(factors)}

    found = {(one.layer, one.task): one for one in sensitivities(results, bench.tasks)}

    assert found["0", "deep"].loss == Estimate(0.0, 0.0, 0.0)
    assert not found["0", "deep"].is_clear
    without = bench.anchors(JobContext(), split="val", n_images=None).zero_shot["deep"]
    gone = found["2", "deep"]
    assert gone.loss.value == pytest.approx(
        float(results[""].predictions["deep"].log_prob.mean() - without.log_prob.mean()), abs=1e-5
    )
    assert gone.accuracy < 0
    assert sensitivities({}, bench.tasks) == []


def test_sensitivity_says_which_layer_is_missed_and_whether_any_is_in_the_way():
    def one(layer, value, half=0.1):
        return Sensitivity(layer, "deep", Estimate(value, value - half, value + half), 0.0, 40)

    missed = sensitivity_takeaway([one("0", 0.5), one("1", -0.3)])
    nothing = sensitivity_takeaway([one("0", 0.05), one("1", -0.05)])

    assert "miss block 0 most" in missed
    assert "1 of 2 cells are clearly better without" in missed
    assert nothing.startswith("No layer's update is told from none")
    assert sensitivity_takeaway([]) == "No layer is measured yet."
