from dataclasses import replace

import pytest
import torch

from analysis.recipe import Recipe
from analysis.scaling import Constant, Curve, Lines
from app.services.jobs import JobContext
from app.services.lines_profile import (
    alpha_warning,
    as_curve,
    columns,
    constant_of_equal_size,
    equal_size,
    factors_of,
    layer_profile,
    profile_takeaway,
    reversed_ramp,
    size_after,
)


@pytest.fixture
def recipe(bench):
    return Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.6}}, tasks=bench.tasks)


@pytest.fixture
def profile(bench, recipe):
    return layer_profile(bench, recipe, JobContext())


def update_of(bench, recipe):
    bench.engine.merge(recipe)
    return bench.engine.theta - bench.zoo.task_vectors.theta_0


@pytest.mark.parametrize("method", ["task_arithmetic", "ties"])
def test_sizes_are_those_of_the_merge_without_its_scale(bench, recipe, method):
    whole = Recipe.from_mapping({"method": method, "scaling": 1.0}, tasks=bench.tasks)

    found = layer_profile(bench, replace(whole, scale=recipe.scale), JobContext())

    bench.engine.merge(whole)
    tau = bench.engine.tau_mtl
    assert sum(found.squares) == pytest.approx(float(tau.double() @ tau.double()))
    block = bench.zoo.task_vectors.layout.by_name["visual.transformer.resblocks.1.mlp.c_fc.weight"]
    names = [place.name for place in found.places]
    assert {"stem", "ln_pre", "0", "1", "2", "ln_post", "proj"} == set(names)
    assert found.squares[names.index("1")] > float(tau[block.start : block.stop].square().sum())


def test_alpha_by_the_rule_is_one_over_the_tasks_for_a_plain_sum(profile):
    assert profile.alpha == pytest.approx(1 / 3)
    assert profile.why_no_alpha is None


def test_signs_that_differ_leave_alpha_open_and_say_why(bench, recipe):
    mixed = replace(recipe, weights={**recipe.weights, "deep": -1.0})

    found = layer_profile(bench, mixed, JobContext())

    assert found.alpha is None
    assert alpha_warning(found) == found.why_no_alpha
    assert factors_of(replace(mixed, scale=Lines(None, 0.5)), found) is None


def test_a_rule_that_explodes_is_warned_about_and_another_is_not(profile):
    assert alpha_warning(profile) is None
    assert "17.40" in alpha_warning(replace(profile, alpha=17.4))


def test_size_after_scaling_is_that_of_the_merged_update(bench, recipe, profile):
    factors = factors_of(recipe, profile)

    assert size_after(profile, factors) == pytest.approx(float(update_of(bench, recipe).norm()), rel=1e-4)


def test_constant_of_equal_size_makes_an_update_as_large(bench, recipe, profile):
    constant = constant_of_equal_size(recipe, profile, factors_of(recipe, profile))

    assert isinstance(constant.scale, Constant)
    assert float(update_of(bench, constant).norm()) == pytest.approx(
        float(update_of(bench, recipe).norm()), rel=1e-4
    )


def test_a_flat_ramp_is_its_own_constant(recipe, profile):
    flat = factors_of(replace(recipe, scale=Lines(0.3, 0.0)), profile)

    assert equal_size(profile, flat) == pytest.approx(0.3)


def test_reversed_ramp_mirrors_the_blocks_and_leaves_the_outside(recipe, profile):
    factors = factors_of(recipe, profile)

    assert as_curve(factors) == Curve(0.2, (0.2, 0.5, 0.8))
    assert reversed_ramp(recipe, factors).scale.outside == 0.2
    assert reversed_ramp(recipe, factors).scale.blocks == pytest.approx((0.8, 0.5, 0.2))


def test_columns_hold_all_of_the_update_once(recipe, profile):
    found = columns(profile, factors_of(recipe, profile))

    assert [column.name for column in found] == ["outside", "0", "1", "2"]
    assert sum(column.before**2 for column in found) == pytest.approx(sum(profile.squares))
    for column, factor in zip(found, (0.2, 0.2, 0.5, 0.8), strict=True):
        assert column.factor == pytest.approx(factor)
        assert column.after == pytest.approx(factor * column.before)


def test_takeaway_says_where_the_ramp_moves_the_update(recipe, profile):
    factors = factors_of(recipe, profile)
    flat = factors_of(replace(recipe, scale=Lines(0.5, 0.0)), profile)

    risen, level = (profile_takeaway(profile, one, columns(profile, one)) for one in (factors, flat))

    assert "from 0.20 in the first block to 0.80 in the last" in risen
    before, after = (int(word[:-1]) for word in level.split() if word.endswith("%"))
    assert before == after
    before, after = (int(word[:-1]) for word in risen.split() if word.endswith("%"))
    assert before < after


def test_merged_weights_of_the_profile_leave_no_trace(bench, recipe):
    layer_profile(bench, recipe, JobContext())
    bench.engine.merge(replace(recipe, scale=Constant(0.0)))

    assert torch.equal(bench.engine.theta, bench.zoo.task_vectors.theta_0)
