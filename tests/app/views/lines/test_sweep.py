from dataclasses import replace

import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Curve, Lines
from app.views.lines.profile import layer_profile
from app.views.lines.sweep import Kind, mean_difference, sweep_recipes, sweep_rows
from app.work.jobs import JobContext
from tests.made_runs import made_run


@pytest.fixture
def recipe(bench):
    return Recipe.from_mapping({"lines": {"alpha": 0.2, "beta": 0.6}}, tasks=bench.tasks)


def test_every_beta_is_compared_with_its_constant_and_its_mirror_image(bench, recipe):
    profile = layer_profile(bench, recipe).compute(JobContext())

    recipes = sweep_recipes(recipe, recipe.scale, profile, [0.3, 0.6])

    assert list(recipes) == [(kind, beta) for beta in (0.3, 0.6) for kind in Kind]
    assert recipes[Kind.LINES, 0.6] == recipe
    mirrored = recipes[Kind.REVERSED, 0.6].scale
    assert isinstance(mirrored, Curve)
    assert mirrored.blocks == pytest.approx((0.8, 0.5, 0.2))
    bench.engine.merge(recipe)
    size = (bench.engine.theta - bench.zoo.task_vectors.theta_0).norm()
    bench.engine.merge(recipes[Kind.CONSTANT, 0.6])
    assert float((bench.engine.theta - bench.zoo.task_vectors.theta_0).norm()) == pytest.approx(
        float(size), rel=1e-4
    )


def test_without_a_ramp_all_kinds_are_one_merge(bench, recipe):
    profile = layer_profile(bench, recipe).compute(JobContext())

    recipes = sweep_recipes(recipe, Lines(None, 0.6), profile, [0.0])

    assert {one.scale for one in recipes.values()} == {Lines(None, 0.0)}


def test_towers_of_other_depths_have_no_mirror_image(bench, recipe):
    profile = replace(layer_profile(bench, recipe).compute(JobContext()), depths={"visual": 3, "text": 2})

    assert {kind for kind, _ in sweep_recipes(recipe, recipe.scale, profile, [0.5])} == {
        Kind.LINES,
        Kind.CONSTANT,
    }


def test_difference_counts_every_task_alike_and_no_control():
    one = made_run({"digits": "1111", "shapes": "10", "letters": "00"})
    other = made_run({"digits": "1100", "shapes": "10", "letters": "11"})

    assert mean_difference(one, other).value == pytest.approx(0.25)


def test_table_says_how_far_lines_is_above_each_other_scale():
    good, bad = made_run({"digits": "1" * 40}), made_run({"digits": "0" * 40})

    rows = sweep_rows({(Kind.CONSTANT, 0.5): bad, (Kind.LINES, 0.5): good, (Kind.LINES, 0.0): bad})

    assert [(row["scale"], row["beta"], row["lines_less_this"]) for row in rows] == [
        ("lines", 0.0, None),
        ("lines", 0.5, None),
        ("constant", 0.5, 1.0),
    ]
