import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Curve, LayerFactors
from analysis.model.places import Place
from app.session.layer_scaling import (
    layer_word,
    layer_words,
    present_factor,
    why_no_curve,
    with_layers_scaled,
)

FACTORS = LayerFactors(0.2, {"visual": (0.1, 0.3, 0.5)})
RECIPE = Recipe.from_mapping(
    {"method": "ties", "weights": {"a": 0.5}, "scaling": 0.4, "scope": "all"}, tasks=["a", "b"]
)


def test_curve_scales_the_chosen_layers_and_keeps_the_others():
    recipe = with_layers_scaled(RECIPE, FACTORS, ["1"], 0.0)

    assert recipe.scale == Curve(outside=0.2, blocks=(0.1, 0.0, 0.5))


def test_everything_outside_the_blocks_is_scaled_as_one():
    recipe = with_layers_scaled(RECIPE, FACTORS, ["outside", "2"], 0.9)

    assert recipe.scale == Curve(outside=0.9, blocks=(0.1, 0.3, 0.9))


def test_rest_of_the_recipe_stays():
    recipe = with_layers_scaled(RECIPE, FACTORS, ["1"], 0.0)

    assert (recipe.method, recipe.weights, recipe.scope) == (RECIPE.method, RECIPE.weights, RECIPE.scope)
    assert RECIPE.scale == Constant(0.4)


def test_layers_are_outside_and_the_blocks():
    assert layer_words(FACTORS) == ("outside", "0", "1", "2")


@pytest.mark.parametrize(
    ("place", "word"),
    [(Place("visual", 2, "2"), "2"), (Place("visual", None, "stem"), "outside")],
)
def test_row_of_a_chart_belongs_to_a_layer_of_the_curve(place, word):
    assert layer_word(place) == word


def test_present_factor_is_the_mean_of_the_chosen_layers():
    assert present_factor(FACTORS, ["0", "2"]) == pytest.approx(0.3)
    assert present_factor(FACTORS, ["outside"]) == 0.2
    assert present_factor(FACTORS, []) == 1.0


def test_towers_with_equal_factors_share_a_curve():
    assert why_no_curve(LayerFactors(0.2, {"visual": (0.1, 0.3), "text": (0.1, 0.3)})) is None


def test_factors_of_one_tower_can_be_scaled():
    assert why_no_curve(FACTORS) is None


@pytest.mark.parametrize(
    ("factors", "reason"),
    [
        (None, "α"),
        (LayerFactors(0.2, {}), "no residual blocks"),
        (LayerFactors(0.2, {"visual": (0.1,) * 12, "text": (0.1,) * 6}), "different factors or depths"),
    ],
)
def test_factors_that_no_curve_can_hold_are_refused_with_the_reason(factors, reason):
    assert reason in why_no_curve(factors)
