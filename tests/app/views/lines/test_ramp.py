from dataclasses import replace

import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Curve, Lines
from analysis.model.places import Place
from app.views.lines.profile import LayerProfile, layer_profile
from app.views.lines.ramp import (
    alpha_said,
    alpha_warning,
    as_curve,
    columns,
    constant_of_equal_size,
    equal_size,
    factors_of,
    has_one_ramp,
    ramp_takeaway,
    reversed_ramp,
)
from app.work.jobs import JobContext


@pytest.fixture
def recipe(bench):
    return Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.6}}, tasks=bench.tasks)


@pytest.fixture
def profile(bench, recipe):
    return layer_profile(bench, recipe).compute(JobContext())


def update_of(bench, recipe):
    bench.engine.merge(recipe)
    return (bench.engine.theta - bench.zoo.task_vectors.theta_0).double()


def made(squares, *, towers=("visual",), alpha=0.5, why=""):
    """A profile with as many blocks as there are squares, and 1 outside; the same in every tower."""
    places = [Place(tower, layer, str(layer)) for tower in towers for layer in range(len(squares))]
    return LayerProfile(
        (*places, Place(towers[0], None, "proj")),
        (*squares * len(towers), 1.0),
        alpha,
        why,
        dict.fromkeys(towers, len(squares)),
    )


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


def test_columns_hold_all_of_the_update_once(recipe, profile):
    found = columns(profile, factors_of(recipe, profile))

    assert [column.name for column in found] == ["outside", "0", "1", "2"]
    assert sum(column.before**2 for column in found) == pytest.approx(sum(profile.squares))
    for column, factor in zip(found, (0.2, 0.2, 0.5, 0.8), strict=True):
        assert column.factor == pytest.approx(factor)
        assert column.after == pytest.approx(factor * column.before)


def test_negative_factor_leaves_a_size_that_is_none():
    (_, first, _) = columns(
        made([4.0, 4.0]), factors_of(Recipe("ties", None, {}, Lines(-0.5, 1.0)), made([4, 4]))
    )

    assert (first.factor, first.after) == (-0.5, 1.0)


def test_blocks_that_nobody_moved_are_columns_without_height():
    profile = replace(made([4.0]), depths={"visual": 3})

    found = columns(profile, factors_of(Recipe("ties", None, {}, Constant(1.0)), profile))

    assert [(column.name, column.before) for column in found] == [
        ("outside", 1.0),
        ("0", 2.0),
        ("1", 0.0),
        ("2", 0.0),
    ]


def test_towers_have_columns_of_their_own():
    profile = made([1.0, 4.0], towers=("text", "visual"))

    found = columns(profile, factors_of(Recipe("ties", None, {}, Constant(1.0)), profile))

    assert [column.name for column in found] == ["outside", "text 0", "text 1", "visual 0", "visual 1"]
    assert has_one_ramp(profile)


def test_towers_of_other_depths_have_no_one_ramp():
    assert not has_one_ramp(replace(made([1.0, 4.0]), depths={"visual": 2, "text": 3}))
    assert not has_one_ramp(replace(made([1.0]), depths={}))


def test_takeaway_says_where_the_ramp_moves_the_update():
    profile = made([3.0, 4.0])

    rising = ramp_takeaway(profile, factors_of(Recipe("ties", None, {}, Lines(0.5, 0.5)), profile))
    level = ramp_takeaway(profile, factors_of(Recipe("ties", None, {}, Lines(0.5, 0.0)), profile))

    assert rising.startswith("From 0.5 in the first block to 1 in the last")
    assert "has 50\xa0% of ‖τ‖² before and 80\xa0% after" in rising  # 4 of 8, then 4 of 0.75 + 4 + 0.25
    assert "has 50\xa0% of ‖τ‖² before and 50\xa0% after" in level
    assert level.endswith("constant λ of 0.5.")


def test_takeaway_of_nothing_says_so():
    nothing = factors_of(Recipe("ties", None, {}, Constant(0.0)), made([1.0]))

    assert "its size is 0" in ramp_takeaway(made([1.0]), nothing)
    assert "no residual blocks" in ramp_takeaway(replace(made([]), depths={}), nothing)


def test_alpha_that_explodes_is_warned_about_with_its_number():
    warning = alpha_warning(made([1.0], alpha=17.4), 17.4, 5)

    assert "α is 17.4" in warning
    assert "sum of the 5 updates has 87 times the mass" in warning
    assert warning.endswith("Type a smaller one.")
    assert alpha_warning(made([1.0], alpha=17.4), 0.5, 5).endswith("The α typed here is 0.5.")


def test_alpha_of_a_sum_and_of_an_average_is_no_reason_to_warn():
    assert alpha_warning(made([1.0], alpha=0.2), 0.2, 5) == ""
    assert alpha_warning(made([1.0], alpha=1.0 + 1e-9), 1.0, 5) == ""  # an average's 1, rounded


def test_alpha_without_a_number_says_why():
    assert alpha_warning(made([1.0], alpha=None, why="Mixed signs."), 0.3, 2) == "Mixed signs."


def test_alpha_is_said_with_where_it_comes_from():
    assert alpha_said(Lines(None, 0.5), made([1.0], alpha=0.125)).startswith("α = 0.125 by the paper's rule")
    assert alpha_said(Lines(0.3, 0.5), made([1.0], alpha=0.125)) == (
        "α = 0.3, typed; the paper's rule gives 0.125"
    )
    assert "no number" in alpha_said(Lines(0.3, 0.5), made([1.0], alpha=None))
