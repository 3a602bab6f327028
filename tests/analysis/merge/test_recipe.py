from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import AnalysisError, ParameterRangeError
from analysis.merge.recipe import Recipe, anchor_recipe
from analysis.merge.scaling import Constant, Curve, Lines
from analysis.model.scope import Scope

TASKS = ("digits", "letters")

numbers = st.floats(-3, 3) | st.integers(-3, 3)
scales = st.one_of(
    st.fixed_dictionaries({"scaling": numbers}),
    st.fixed_dictionaries(
        {"lines": st.fixed_dictionaries({}, optional={"alpha": numbers | st.just("auto"), "beta": numbers})}
    ),
    st.fixed_dictionaries(
        {"curve": st.fixed_dictionaries({"outside": numbers, "blocks": st.lists(numbers, max_size=4)})}
    ),
)
methods = st.just({"method": "average"}) | st.fixed_dictionaries(
    {
        "method": st.just("ties"),
        "params": st.fixed_dictionaries(
            {}, optional={"density": st.floats(0, 1), "merge": st.sampled_from(["mean", "sum", "max"])}
        ),
    }
)
others = st.fixed_dictionaries(
    {},
    optional={
        "weights": st.dictionaries(st.sampled_from(TASKS), numbers),
        "scope": st.sampled_from(["all", "changed", "blocks"]),
        "seed": st.integers(0, 2**63 - 1),
    },
)
mappings = st.builds(
    lambda *parts: {k: v for part in parts for k, v in part.items()}, methods, scales, others
)


def recipe(**data: Any) -> Recipe:
    return Recipe.from_mapping({"scaling": 0.4, **data}, tasks=TASKS)


def test_defaults_are_filled_in() -> None:
    assert recipe(method="ties").to_mapping() == {
        "method": "ties",
        "params": {"density": 0.2, "merge": "mean", "profile": "authors"},
        "weights": {"digits": 1.0, "letters": 1.0},
        "scaling": 0.4,
        "scope": "changed",
        "seed": 0,
    }


def test_method_left_out_is_task_arithmetic() -> None:
    assert recipe().method == "task_arithmetic"


def test_weight_left_out_is_one_and_the_order_is_the_zoos() -> None:
    weights = recipe(weights={"letters": -1}).weights

    assert list(weights.items()) == [("digits", 1.0), ("letters", -1.0)]


def test_tables_left_empty_in_yaml_mean_the_defaults() -> None:
    assert recipe(params=None, weights=None) == recipe()


@pytest.mark.parametrize(
    ("written", "scale"),
    [
        ({"scaling": 1}, Constant(1.0)),
        ({"lines": {"alpha": "auto", "beta": 0.6}}, Lines(None, 0.6)),
        ({"lines": {"alpha": 0.2, "beta": 0.6}}, Lines(0.2, 0.6)),
        ({"lines": None}, Lines(None, 0.5)),
        ({"curve": {"outside": 0.2, "blocks": [0.2, 1]}}, Curve(0.2, (0.2, 1.0))),
    ],
)
def test_every_scale_is_read(written: dict[str, Any], scale: Constant | Lines | Curve) -> None:
    assert Recipe.from_mapping(written, tasks=TASKS).scale == scale


@given(mappings)
def test_recipe_written_and_read_back_is_the_same(data: dict[str, Any]) -> None:
    first = Recipe.from_mapping(data, tasks=TASKS)
    second = Recipe.from_mapping(first.to_mapping(), tasks=TASKS)

    assert second == first
    assert second.digest() == first.digest()


@given(mappings)
def test_digest_does_not_depend_on_the_order_of_the_keys(data: dict[str, Any]) -> None:
    backwards = dict(reversed(data.items()))

    assert (
        Recipe.from_mapping(backwards, tasks=TASKS).digest()
        == Recipe.from_mapping(data, tasks=TASKS).digest()
    )


def test_digest_is_16_hex_digits_and_stable_between_processes() -> None:
    assert recipe().digest() == "3cde5c350f7201e5"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"scaling": 1}, {"scaling": 1.0}),
        ({"scaling": -0.0}, {"scaling": 0}),
        ({"weights": {"digits": -0.0}}, {"weights": {"digits": 0.0}}),
        ({"weights": {"digits": 1}}, {}),
        ({"method": "ties", "params": {"density": 0.2}}, {"method": "ties"}),
    ],
)
def test_one_recipe_written_in_two_ways_has_one_digest(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert recipe(**one).digest() == recipe(**other).digest()


@pytest.mark.parametrize(
    "change",
    [
        {"method": "average"},
        {"method": "ties", "params": {"density": 0.3}},
        {"weights": {"digits": 0.5}},
        {"scaling": 0.5},
        {"scope": "all"},
        {"seed": 1},
    ],
)
def test_digest_tells_different_recipes_apart(change: dict[str, Any]) -> None:
    assert recipe(**change).digest() != recipe().digest()


def test_anchor_without_a_task_is_the_base() -> None:
    anchor = anchor_recipe(TASKS)

    assert anchor.scale == Constant(0.0)
    assert anchor.scope is Scope.ALL


def test_anchor_of_a_task_is_that_task_alone_at_full_strength() -> None:
    anchor = anchor_recipe(TASKS, "letters")

    assert anchor.method == "task_arithmetic"
    assert anchor.weights == {"digits": 0.0, "letters": 1.0}
    assert anchor.scale == Constant(1.0)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"scalling": 0.4}, r"unknown key 'scalling'; known are method, params"),
        ({"scaling": 0.4, 7: 1}, r"unknown key 7"),
        ({"method": "tis", "scaling": 1}, r"no merging method 'tis'; choose one of .*ties"),
        ({"method": ["ties"], "scaling": 1}, r"method is \['ties'\]; it must be the name"),
        ({"method": None, "scaling": 1}, r"method is None"),
        (
            {"scaling": 1, "weights": {"cars": 1}},
            r"weighs task 'cars', which the zoo does not have\. Its tasks: d",
        ),
        ({"scaling": 1, "weights": {"digits": "1"}}, r"weight of 'digits' is '1'; it must be a number"),
        ({"scaling": 1, "weights": [1, 1]}, r"weights is \[1, 1\]; it must be a table of names"),
        ({"scaling": 1, "params": 3}, r"params is 3; it must be a table of names"),
        ({"scaling": 1, "scope": "block"}, r"scope is 'block'; it must be 'all', 'changed' or 'blocks'"),
        ({"scaling": 1, "scope": ["all"]}, r"scope is \['all'\]"),
        ({"scaling": 1, "seed": 1.5}, r"seed is 1\.5; it must be a whole number"),
        ({"scaling": 1, "seed": True}, r"seed is True"),
        ({"scaling": None}, r"scaling is None; it must be a number"),
        ({"scaling": True}, r"scaling is True; it must be a number"),
        ({}, r"gives no scale; exactly one of scaling, lines and curve"),
        (None, r"gives no scale"),
        ({"scaling": 1, "lines": {"beta": 1}}, r"gives scaling and lines; exactly one"),
        ({"lines": {"slope": 1}}, r"lines has the unknown key 'slope'; known are alpha, beta"),
        ({"lines": {"alpha": "automatic"}}, r"lines\.alpha is 'automatic'"),
        ({"lines": 0.5}, r"lines is 0.5; it must be a table of names"),
        ({"curve": {"blocks": [1]}}, r"The recipe gives no curve\.outside; it is required"),
        ({"curve": {"outside": 1, "blocks": 0.5}}, r"curve\.blocks is 0\.5; it must be a list of numbers"),
        ({"curve": {"outside": 1, "blocks": [1, "2"]}}, r"curve\.blocks\[1\] is '2'"),
        ({"curve": {"outside": 1}}, r"The recipe gives no curve\.blocks; it is required"),
        ({"curve": None}, r"curve is None; it must be a table of names"),
        ({"curve": {"outside": None, "blocks": []}}, r"curve\.outside is None; it must be a number"),
        ({"lines": {"alpha": None}}, r"lines\.alpha is None; it must be a number"),
        ({"lines": {"alpha": True}}, r"lines\.alpha is True; it must be a number"),
        ({"scaling": 1, "weights": {12: 1}}, r"weights has the key 12; a key must be a string"),
        ({"scaling": 1, "scope": None}, r"scope is None; it must be 'all', 'changed' or 'blocks'"),
        ({"scaling": 1, "scop": "all", "seed": "x"}, r"unknown key 'scop'"),
        ({"scaling": 1, "seed": "x", "scop": "all"}, r"seed is 'x'"),
        (["ties"], r"The recipe is \['ties'\]; it must be a table of names"),
        ("ties", r"The recipe is 'ties'; it must be a table of names"),
    ],
)
def test_recipe_that_is_no_recipe_is_refused(data: Any, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        Recipe.from_mapping(data, tasks=TASKS)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"scaling": float("nan")}, r"scaling is nan; it must be finite"),
        ({"scaling": 10**400}, r"scaling is inf; it must be finite"),
        ({"scaling": -(10**400)}, r"scaling is -inf; it must be finite"),
        ({"lines": {"alpha": float("nan")}}, r"lines\.alpha is nan; it must be finite"),
        ({"lines": {"beta": -float("inf")}}, r"lines\.beta is -inf"),
        ({"curve": {"outside": 0, "blocks": [0, float("nan")]}}, r"curve\.blocks\[1\] is nan"),
        ({"scaling": 1, "weights": {"digits": float("inf")}}, r"weight of 'digits' is inf"),
        ({"scaling": 1, "seed": -1}, r"seed is -1; it must be a whole number in \[0, 2⁶³\)"),
        ({"scaling": 1, "seed": 2**63}, r"seed is 9223372036854775808; it must be"),
        (
            {"scaling": 1, "method": "ties", "params": {"density": 20}},
            r"density is 20; it must lie in \[0, 1\]",
        ),
        ({"scaling": 1, "method": "ties", "params": {"densty": 0.2}}, r"no parameter 'densty'"),
        ({"scaling": 1, "params": {"density": 0.2}}, r"no parameter 'density'; it takes none"),
    ],
)
def test_number_outside_its_range_is_refused(data: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterRangeError, match=message):
        Recipe.from_mapping(data, tasks=TASKS)


def test_huge_value_is_shown_shortened() -> None:
    with pytest.raises(AnalysisError) as refusal:
        recipe(scope=[["x" * 1000] * 1000] * 1000)

    assert len(str(refusal.value)) < 150


@pytest.mark.parametrize(
    ("given", "scaling"),
    [
        ({"method": "task_arithmetic"}, 0.3),
        ({"method": "average"}, 1.0),
        ({"method": "ties"}, 1.0),
        ({"method": "ties", "params": {"merge": "sum"}}, 0.3),
        ({"method": "ties", "scaling": 0.3}, 0.3),
    ],
)
def test_method_without_a_scale_has_its_usual_one_and_a_given_one_stays(given, scaling):
    recipe = Recipe.from_mapping(given, tasks=["digits"])

    assert recipe.scale == Constant(scaling)
    assert Recipe.from_mapping(recipe.to_mapping(), tasks=["digits"]) == recipe
