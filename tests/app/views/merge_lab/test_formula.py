import pytest

from analysis.merge.recipe import Recipe
from app.views.merge_lab.formula import formula


def recipe(**given):
    return Recipe.from_mapping(given, tasks=("digits", "shapes", "signs"))


def test_constant_scale_stands_before_the_methods_own_formula():
    assert formula(recipe(scaling=0.4), None, 12) == r"\theta = \theta_0 + 0.4\,\sum_t w_t\,\tau_t"


@pytest.mark.parametrize(
    ("alpha", "known", "depth", "factor"),
    [
        (0.2, None, 12, r"\left(0.2 +0.5\,\tfrac{l}{11}\right)"),
        ("auto", None, 12, r"\left(\alpha +0.5\,\tfrac{l}{11}\right)"),
        ("auto", 0.29579, 3, r"\left(0.296 +0.5\,\tfrac{l}{2}\right)"),
        (0.2, 0.9, 1, r"\left(0.2 +0.5\,\tfrac{l}{1}\right)"),
    ],
)
def test_lines_shows_alpha_as_far_as_it_is_known(alpha, known, depth, factor):
    assert factor in formula(recipe(lines={"alpha": alpha, "beta": 0.5}), known, depth)


def test_negative_beta_keeps_its_sign():
    assert r"0.2 -0.5" in formula(recipe(lines={"alpha": 0.2, "beta": -0.5}), None, 12)


def test_curve_is_a_factor_by_layer():
    shown = formula(recipe(curve={"outside": 0.1, "blocks": [0.2, 0.3]}), None, 2)

    assert shown == r"\theta = \theta_0 + \lambda_l\,\sum_t w_t\,\tau_t"
