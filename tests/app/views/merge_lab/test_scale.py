import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Curve, LayerFactors, Lines
from app.views.merge_lab.scale import (
    LARGE_ALPHA,
    factors_in_words,
    is_auto,
    is_large,
    kind_of,
    nearest_scale,
)

FACTORS = LayerFactors(0.12345, {"visual": (0.2, 0.45678)})


def recipe(**scale):
    return Recipe.from_mapping(scale, tasks=["digits"])


CONSTANT = recipe(scaling=0.3)
AUTO = recipe(lines={"alpha": "auto", "beta": 0.5})
FIXED = recipe(lines={"alpha": 0.2, "beta": 0.5})
CURVE = recipe(curve={"outside": 0.1, "blocks": [0.2, 0.3]})


def nearest(scale, kind, factors, depth, *, usual=0.3):
    return nearest_scale(scale, kind, factors, depth, usual=usual)


@pytest.mark.parametrize(
    ("one", "kind"), [(CONSTANT, "λ"), (AUTO, "LiNeS"), (FIXED, "LiNeS"), (CURVE, "Curve")]
)
def test_every_scale_has_its_name(one, kind):
    assert kind_of(one) == kind


def test_alpha_is_found_only_where_lines_leaves_it_open():
    assert [is_auto(one) for one in (CONSTANT, AUTO, FIXED, CURVE)] == [False, True, False, False]


def test_curve_begins_with_the_factors_there_were():
    assert nearest(FIXED.scale, "Curve", FACTORS, 2) == Curve(0.1235, (0.2, 0.4568))


def test_curve_of_unknown_factors_is_flat():
    assert nearest(AUTO.scale, "Curve", None, 3) == Curve(0.3, (0.3, 0.3, 0.3))
    assert nearest(AUTO.scale, "Curve", None, 2, usual=1.0) == Curve(1.0, (1.0, 1.0))


def test_curve_without_blocks_has_one_factor():
    assert nearest(CONSTANT.scale, "Curve", LayerFactors(0.3, {}), 0) == Curve(0.3, ())


def test_single_factor_of_a_curve_is_its_mean():
    assert nearest(CURVE.scale, "λ", FACTORS, 2) == Constant(0.25)
    assert nearest(Curve(0.5, ()), "λ", FACTORS, 0) == Constant(0.0)


@pytest.mark.parametrize("usual", [0.3, 1.0])
def test_single_factor_begins_where_the_method_is_usual(usual):
    assert nearest(FIXED.scale, "λ", FACTORS, 2, usual=usual) == Constant(usual)


def test_lines_begins_at_its_defaults():
    assert nearest(CURVE.scale, "LiNeS", FACTORS, 2) == Lines()


def test_lines_begins_as_much_larger_as_the_method_is_usually_scaled():
    assert nearest(CONSTANT.scale, "LiNeS", FACTORS, 2, usual=0.6) == Lines(None, 1.0)


@pytest.mark.parametrize(
    ("one", "alpha", "expected"),
    [
        (FIXED, LARGE_ALPHA, False),
        (FIXED, LARGE_ALPHA + 0.01, True),
        (AUTO, None, False),
        (CONSTANT, LARGE_ALPHA + 0.01, False),
    ],
)
def test_warning_is_for_a_large_alpha_of_lines(one, alpha, expected):
    assert is_large(one, alpha) == expected


def test_factors_are_read_out_from_the_first_block_to_the_last():
    assert factors_in_words(FACTORS) == (
        "Factor by layer: 0.12 outside the blocks, from 0.20 in the first to 0.46 in the last"
    )
    assert factors_in_words(LayerFactors(0.3, {})).endswith("0.30 outside the blocks, no blocks")
