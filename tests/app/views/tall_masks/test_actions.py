import pytest

from analysis.masks.multi_task_vector import Vector
from analysis.merge.recipe import anchor_recipe
from analysis.merge.scaling import Constant
from analysis.model.scope import Scope
from app.bench.mask_statistics import MaskSettings
from app.views.tall_masks.actions import consensus_recipe, consensus_refusal


def masks(tall_lambda):
    return MaskSettings(Scope.CHANGED, Vector.TIES, (tall_lambda,) * 2)


@pytest.mark.parametrize(
    ("tall_lambda", "is_separate", "is_refused"),
    [(0.4, False, False), (1.5, False, False), (0.4, True, True), (1.6, False, True)],
)
def test_consensus_needs_one_lambda_that_the_method_takes(tall_lambda, is_separate, is_refused):
    refused = consensus_refusal(masks(tall_lambda), is_separate=is_separate)

    assert refused == ("Consensus needs one λ for all tasks; it must lie in [0, 1.5]" if is_refused else None)


def test_recipe_keeps_all_but_the_method_and_its_scale():
    recipe = anchor_recipe(("a", "b"), "a")

    consensus = consensus_recipe(recipe, masks(0.6))

    assert consensus.method == "consensus"
    assert (consensus.params.min_tasks, consensus.params.tall_lambda, consensus.params.vector) == (
        2,
        0.6,
        "ties",
    )
    assert (consensus.weights, consensus.scope) == (recipe.weights, recipe.scope)
    assert consensus.scale == Constant(0.3)
