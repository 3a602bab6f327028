from dataclasses import replace

import pytest
import torch

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Lines
from app.bench.weight_statistics import StatisticsSettings
from app.views.lines.profile import layer_profile
from app.work.jobs import JobContext


@pytest.fixture
def recipe(bench):
    return Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.6}}, tasks=bench.tasks)


@pytest.mark.parametrize("method", ["task_arithmetic", "ties"])
def test_sizes_are_those_of_the_merge_without_its_scale(bench, method):
    whole = Recipe.from_mapping({"method": method, "scaling": 1.0}, tasks=bench.tasks)

    found = layer_profile(bench, replace(whole, scale=Lines(0.2, 0.6))).compute(JobContext())

    bench.engine.merge(whole)
    expected = dict.fromkeys(["stem", "ln_pre", "0", "1", "2", "ln_post", "proj"], 0.0)
    for parameter in bench.zoo.task_vectors.layout.parameters:
        square = float(bench.engine.tau_mtl[parameter.start : parameter.stop].double().square().sum())
        name = parameter.name.removeprefix("visual.")
        if parameter.layer is not None:
            expected[str(parameter.layer)] += square
        elif name.startswith("ln_"):
            expected[name.split(".")[0]] += square
        elif name == "proj":
            expected["proj"] += square
        else:
            expected["stem"] += square
    assert dict(zip([place.name for place in found.places], found.squares, strict=True)) == pytest.approx(
        expected
    )
    assert found.depths == {"visual": 3}


def test_sizes_agree_with_the_statistics_of_a_plain_sum(bench, recipe):
    found = layer_profile(bench, recipe).compute(JobContext())

    statistics = bench.weights.statistics(StatisticsSettings(recipe.scope)).compute(JobContext())
    places, sums = statistics.by(lambda segment: segment.place)
    assert dict(zip(found.places, found.squares, strict=True)) == pytest.approx(
        dict(zip(places, sums.sum_l2_squared, strict=True)), rel=1e-5
    )


def test_alpha_by_the_rule_is_one_over_the_tasks_for_a_plain_sum(bench, recipe):
    found = layer_profile(bench, recipe).compute(JobContext())

    assert found.alpha == pytest.approx(1 / 3)
    assert found.why_no_alpha == ""


def test_alpha_of_ties_is_the_engines(bench):
    recipe = Recipe.from_mapping({"method": "ties", "lines": {"beta": 0.6}}, tasks=bench.tasks)

    assert layer_profile(bench, recipe).compute(JobContext()).alpha == bench.engine.merge(recipe).alpha


def test_signs_that_differ_leave_alpha_open_and_say_why(bench, recipe):
    mixed = replace(recipe, weights={**recipe.weights, "deep": -1.0})

    found = layer_profile(bench, mixed).compute(JobContext())

    assert found.alpha is None
    assert "one sign" in found.why_no_alpha
    assert sum(found.squares) > 0


def test_profile_is_measured_once_for_all_scales(bench, recipe):
    assert layer_profile(bench, recipe).find() is None

    found = layer_profile(bench, recipe).compute(JobContext())

    bench.engine.merge(replace(recipe, scale=Constant(0.0)))
    other = replace(recipe, scale=Constant(0.7))
    assert layer_profile(bench, other).find() == found
    assert layer_profile(bench, other).compute(JobContext()) == found
    assert torch.equal(bench.engine.theta, bench.zoo.task_vectors.theta_0)  # looked up, not merged


def test_other_weights_have_another_profile(bench, recipe):
    layer_profile(bench, recipe).compute(JobContext())

    assert layer_profile(bench, replace(recipe, weights={**recipe.weights, "deep": 0.5})).find() is None
