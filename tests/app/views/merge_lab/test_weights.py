import pytest

from analysis.merge.recipe import Recipe
from app.views.merge_lab.weights import (
    all_weights_at,
    all_weights_times,
    only_task,
    weights_in_words,
    weights_to_one,
    without_task,
)


@pytest.fixture
def recipe():
    return Recipe.from_mapping(
        {"scaling": 0.3, "weights": {"digits": 0.5, "shapes": 1.0}}, tasks=["digits", "shapes"]
    )


def test_all_weights_are_set(recipe):
    assert all_weights_at(recipe, 0.4).weights == {"digits": 0.4, "shapes": 0.4}


def test_all_weights_are_multiplied_and_rounded(recipe):
    assert all_weights_times(recipe, 0.33333).weights == {"digits": 0.1667, "shapes": 0.3333}


@pytest.mark.parametrize(
    ("weights", "words"),
    [({"a": 1.0}, "all at 1"), ({"a": 0.5, "b": 0.5}, "all at 0.5"), ({"a": 2.0, "b": -1.0}, "−1 to 2")],
)
def test_weights_are_summed_up_by_their_value_or_range(weights, words):
    assert weights_in_words(weights) == words


def test_one_task_is_left_alone_or_left_out(recipe):
    assert only_task(recipe, "digits").weights == {"digits": 0.5, "shapes": 0.0}
    assert without_task(recipe, "digits").weights == {"digits": 0.0, "shapes": 1.0}


def test_task_of_weight_zero_gets_one_when_it_is_alone(recipe):
    assert only_task(without_task(recipe, "digits"), "digits").weights == {"digits": 1.0, "shapes": 0.0}


def test_weights_are_made_to_add_up_to_one(recipe):
    assert weights_to_one(recipe).weights == {"digits": 0.3333, "shapes": 0.6667}
    assert weights_to_one(all_weights_at(recipe, 0.0)) is None


def test_locked_task_keeps_its_weight_whatever_is_done_to_all(recipe):
    assert all_weights_at(recipe, 0.4, ["digits"]).weights == {"digits": 0.5, "shapes": 0.4}
    assert all_weights_times(recipe, 2.0, ["digits"]).weights == {"digits": 0.5, "shapes": 2.0}
    assert only_task(recipe, "shapes", ["digits"]).weights == {"digits": 0.5, "shapes": 1.0}
    assert only_task(recipe, "digits", ["digits"]).weights == {"digits": 0.5, "shapes": 0.0}


def test_free_weights_make_up_for_the_locked_ones(recipe):
    assert weights_to_one(recipe, ["digits"]).weights == {"digits": 0.5, "shapes": 0.5}
    assert weights_to_one(recipe, ["digits", "shapes"]) is None
