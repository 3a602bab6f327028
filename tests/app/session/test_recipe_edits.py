import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Curve, Lines
from app.session.recipe_edits import only_pair, with_method

TASKS = ["digits", "letters", "shapes"]


def test_only_the_pair_is_merged_and_the_rest_of_the_recipe_stays():
    recipe = Recipe.from_mapping({"weights": {"digits": 0.3}, "lines": {"beta": 0.5}}, tasks=TASKS)

    pair = only_pair(recipe, ("digits", "shapes"))

    assert pair.weights == {"digits": 1.0, "letters": 0.0, "shapes": 1.0}
    assert (pair.method, pair.params, pair.scale, pair.scope) == (
        recipe.method,
        recipe.params,
        recipe.scale,
        recipe.scope,
    )


def recipe(**given):
    return Recipe.from_mapping({"weights": {"digits": 0.3}, "scope": "all", **given}, tasks=TASKS)


def test_other_method_has_the_settings_given_and_keeps_weights_and_scope():
    before = recipe(scaling=0.7)

    ties = with_method(before, "ties", {"density": 0.05})

    assert (ties.method, ties.params.density, ties.params.merge) == ("ties", 0.05, "mean")
    assert (ties.weights, ties.scope) == (before.weights, before.scope)


@pytest.mark.parametrize(
    ("method", "params", "usual"),
    [
        ("task_arithmetic", {}, 0.3),
        ("average", {}, 1.0),
        ("consensus", {}, 0.3),
        ("ties", {}, 1.0),
        ("ties", {"merge": "sum"}, 0.3),
    ],
)
def test_other_method_brings_its_usual_lambda(method, params, usual):
    before = recipe(method="ties" if method == "consensus" else "consensus", scaling=0.7)

    assert with_method(before, method, params).scale == Constant(usual)


def test_lambda_that_forgets_goes_on_forgetting():
    assert with_method(recipe(scaling=-0.5), "ties", {}).scale == Constant(-1.0)


def test_same_method_with_other_settings_keeps_its_scale():
    before = recipe(method="ties", scaling=0.7)

    assert with_method(before, "ties", {"density": 0.05}).scale == Constant(0.7)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"lines": {"beta": 0.6}}, Lines(None, 2.0)),
        ({"lines": {"alpha": 0.15, "beta": 0.6}}, Lines(0.5, 2.0)),
        ({"curve": {"outside": 0.3, "blocks": [0.0, -0.6]}}, Curve(1.0, (0.0, -2.0))),
    ],
)
def test_factors_by_layer_keep_their_form_and_change_their_size(given, expected):
    to_ties = with_method(recipe(**given), "ties", {})

    assert to_ties.scale == expected
    assert with_method(to_ties, "task_arithmetic", {}).scale == recipe(**given).scale
