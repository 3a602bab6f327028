from analysis.merge.recipe import Recipe
from app.session.recipe_edits import only_pair, with_ties

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


def test_ties_takes_the_density_and_leaves_weights_and_scale():
    recipe = Recipe.from_mapping({"weights": {"digits": 0.3}, "scaling": 0.7}, tasks=TASKS)

    ties = with_ties(recipe, 0.05)

    assert (ties.method, ties.params.density) == ("ties", 0.05)
    assert (ties.weights, ties.scale) == (recipe.weights, recipe.scale)
