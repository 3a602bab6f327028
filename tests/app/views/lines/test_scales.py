from dataclasses import replace

import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Curve, Lines
from app.views.lines.profile import layer_profile
from app.views.lines.scales import (
    as_curve,
    constant_of_equal_size,
    equal_size,
    factors_of,
    has_one_ramp,
    reversed_ramp,
)
from app.work.jobs import JobContext
from tests.made_profiles import made_profile as made


@pytest.fixture
def recipe(bench):
    return Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.6}}, tasks=bench.tasks)


@pytest.fixture
def profile(bench, recipe):
    return layer_profile(bench, recipe).compute(JobContext())


def update_of(bench, recipe):
    bench.engine.merge(recipe)
    return (bench.engine.theta - bench.zoo.task_vectors.theta_0).double()


def test_constant_of_equal_size_makes_an_update_as_large(bench, recipe, profile):
    constant = constant_of_equal_size(recipe, profile, factors_of(recipe, profile))

    assert isinstance(constant.scale, Constant)
    assert float(update_of(bench, constant).norm()) == pytest.approx(
        float(update_of(bench, recipe).norm()), rel=1e-4
    )


def test_constant_of_ties_with_lines_is_as_large_too(bench, recipe):
    ties = Recipe.from_mapping({"method": "ties", "lines": {"beta": 1.5}}, tasks=bench.tasks)
    profile = layer_profile(bench, ties).compute(JobContext())

    constant = constant_of_equal_size(ties, profile, factors_of(ties, profile))

    assert float(update_of(bench, constant).norm()) == pytest.approx(
        float(update_of(bench, ties).norm()), rel=1e-4
    )


def test_a_flat_ramp_is_its_own_constant(recipe, profile):
    flat = factors_of(replace(recipe, scale=Lines(0.3, 0.0)), profile)

    assert equal_size(profile, flat) == pytest.approx(0.3)


def test_alpha_left_open_is_the_rules(recipe, profile):
    factors = factors_of(replace(recipe, scale=Lines(None, 0.6)), profile)

    assert factors.outside == profile.alpha
    assert factors.blocks["visual"][-1] == pytest.approx(1 / 3 + 0.6)


def test_reversed_ramp_mirrors_the_blocks_and_leaves_the_outside(recipe, profile):
    factors = factors_of(recipe, profile)

    assert as_curve(factors) == Curve(0.2, (0.2, 0.5, 0.8))
    assert reversed_ramp(recipe, factors).scale == Curve(0.2, (0.8, 0.5, 0.2))


def test_reversed_ramp_has_another_size_where_deep_layers_are_larger():
    profile = made([1.0, 4.0])
    recipe = Recipe("task_arithmetic", None, {}, Lines(0.0, 1.0))
    factors = factors_of(recipe, profile)
    mirrored = factors_of(reversed_ramp(recipe, factors), profile)

    assert equal_size(profile, factors) == pytest.approx((4 / 6) ** 0.5)
    assert equal_size(profile, mirrored) == pytest.approx((1 / 6) ** 0.5)


def test_towers_of_one_depth_have_one_ramp():
    assert has_one_ramp(made([1.0, 4.0], towers=("text", "visual")))


def test_towers_of_other_depths_have_no_one_ramp():
    assert not has_one_ramp(replace(made([1.0, 4.0]), depths={"visual": 2, "text": 3}))
    assert not has_one_ramp(replace(made([1.0]), depths={}))
