import pytest

from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_methods
from app.views.merge_lab.usual_scale import one_scale_for_two, usual_scale


def recipe(**given):
    return Recipe.from_mapping(given, tasks=["digits"])


def test_menu_states_what_every_method_brings():
    assert usual_scale(merge_methods()) == (
        "A method brings the λ it is usually applied at: Weight averaging 1, Consensus 0.3, Task arithmetic "
        "0.3, TIES-Merging 1. Undo brings yours back."
    )


def test_two_methods_at_one_lambda_are_pointed_out():
    shown, pinned = recipe(method="ties", scaling=0.3), recipe(scaling=0.3)

    assert one_scale_for_two(shown, pinned) == (
        "Both merges have λ = 0.3, which does not mean the same for two methods: usual is 1 for TIES-Merging "
        "and 0.3 for Task arithmetic."
    )


@pytest.mark.parametrize(
    "pinned",
    [
        recipe(method="ties", params={"density": 0.5}, scaling=0.3),
        recipe(scaling=0.4),
        recipe(lines={"beta": 0.3}),
    ],
)
def test_one_method_and_other_scales_are_not(pinned):
    assert one_scale_for_two(recipe(method="ties", scaling=0.3), pinned) is None
