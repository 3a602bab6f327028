import pytest

from analysis.merge.recipe import Recipe
from app.views.merge_lab.weights import all_weights_at, all_weights_times, weights_in_words


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
