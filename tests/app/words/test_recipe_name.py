from dataclasses import replace

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_methods
from analysis.merge.scaling import Constant, Curve, Lines
from analysis.model.scope import Scope
from app.words.recipe_name import recipe_change, recipe_name

TASKS = ("digits", "letters", "signs")


def recipe(**given):
    return Recipe.from_mapping({"method": "task_arithmetic", **given}, tasks=TASKS)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"scaling": 0.3}, "Task arithmetic, λ 0.3"),
        ({"method": "ties", "scaling": 1}, "TIES-Merging, λ 1"),
        ({"method": "ties", "scaling": 1, "params": {"density": 0.21}}, "TIES-Merging, λ 1, density 0.21"),
        ({"method": "ties", "lines": {"beta": 0.5}}, "TIES-Merging, LiNeS auto +0.5"),
        ({"lines": {"alpha": 0.2, "beta": -1}}, "Task arithmetic, LiNeS 0.2 -1"),
        ({"scaling": 1, "weights": {"digits": 0}}, "Task arithmetic, λ 1, 'digits' 0"),
        ({"scaling": 0.1234567, "scope": "blocks"}, "Task arithmetic, λ 0.1234567, residual blocks only"),
    ],
)
def test_name_has_the_scale_and_what_is_not_usual(given, name):
    assert recipe_name(recipe(**given)) == name


def test_curves_and_many_weights_have_a_fingerprint():
    curves = [recipe(curve={"outside": 0, "blocks": [1, last]}) for last in (1, 2)]
    weighed = [recipe(scaling=1, weights=dict.fromkeys(TASKS, weight)) for weight in (2, 3)]

    for one, other in (curves, weighed):
        assert recipe_name(one) != recipe_name(other)
    assert recipe_name(weighed[0]).startswith("Task arithmetic, λ 1, 3 weights changed (")


NUMBERS = st.sampled_from([0.0, 0.3, 0.30000000000000004, 1.0, 1.0000001, 2.0])
SCALES = st.one_of(
    st.builds(Constant, NUMBERS),
    st.builds(Lines, st.none() | NUMBERS, NUMBERS),
    st.builds(Curve, NUMBERS, st.tuples(NUMBERS, NUMBERS)),
)
RECIPES = st.builds(
    lambda method, scale, weights, scope, seed: Recipe(
        method, method_params(method), dict(zip(TASKS, weights, strict=True)), scale, scope, seed
    ),
    st.sampled_from(sorted(merge_methods())),
    SCALES,
    st.tuples(NUMBERS, NUMBERS, NUMBERS),
    st.sampled_from(Scope),
    st.integers(0, 1),
)


def method_params(method):
    return Recipe.from_mapping({"method": method}, tasks=TASKS).params


@drawn(RECIPES, RECIPES)
def test_recipes_of_one_name_are_the_same_and_only_they_have_no_change(one, other):
    assert (recipe_name(one) == recipe_name(other)) == (one == other)
    assert (recipe_change(one, other) == "") == (one == other)


def test_change_names_each_part_with_both_values():
    plain, ties = recipe(scaling=1), recipe(method="ties", params={"density": 0.2}, scaling=1)

    assert recipe_change(ties, replace(ties, scale=Constant(0.73))) == "λ 1 → λ 0.73"
    assert recipe_change(ties, replace(ties, weights={**ties.weights, "digits": 0.5})) == "'digits' 1 → 0.5"
    assert recipe_change(plain, ties).startswith("Task arithmetic → TIES-Merging, ")
    assert "density none → 0.2" in recipe_change(plain, ties)


def test_many_changes_do_not_fill_the_page():
    tasks = [f"task {number}" for number in range(20)]
    before = Recipe.from_mapping({"method": "average"}, tasks=tasks)

    change = recipe_change(before, replace(before, weights=dict.fromkeys(tasks, 0.5)))

    assert change.startswith("'task 0' 1 → 0.5, 'task 1' 1 → 0.5, ")
    assert change.endswith("'task 3' 1 → 0.5, and 16 more")
