from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Constant, Lines
from app.views.merge_lab.presets import presets

WEIGHTS = {"digits": 0.5, "shapes": 1.0}


def test_presets_change_method_and_scale_and_keep_weights_and_scope():
    recipe = Recipe.from_mapping(
        {"method": "consensus", "scaling": 0.7, "weights": WEIGHTS, "scope": "blocks"}, tasks=tuple(WEIGHTS)
    )

    found = presets(recipe)

    assert {one.method for one in found.values()} == {"average", "task_arithmetic", "ties"}
    assert all((one.weights, one.scope) == (recipe.weights, recipe.scope) for one in found.values())
    assert found["TIES as in its paper, λ 1"].scale == Constant(1.0)
    assert found["LiNeS on task arithmetic, α by its rule"].scale == Lines(None, 0.5)
