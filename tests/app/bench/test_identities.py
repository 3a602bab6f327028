from dataclasses import replace

import pytest
import torch

from analysis.merge.engine import MergeEngine
from analysis.merge.recipe import Recipe
from analysis.merge.registry import Identity, merge_method_named, merge_methods
from analysis.model.scope import Scope
from app.bench.identities import Verdict, check_identities
from app.work.jobs import JobCancelled, JobContext
from app.zoo.opening import zoo_weights
from app.zoo.zoo_file import read_zoo_file


@pytest.fixture(scope="module")
def vectors(zoo):
    return zoo_weights(read_zoo_file(zoo), JobContext(), device=torch.device("cpu")).task_vectors


def checked(vectors, engine=None, **given):
    recipe = Recipe.from_mapping({"scaling": 0.7, "weights": {"deep": -1}, **given}, tasks=vectors.tasks)
    return check_identities(engine or MergeEngine(vectors), recipe, JobContext())


def verdicts(checks):
    return {check.identity: check.verdict for check in checks}


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("method", merge_methods())
def test_every_method_keeps_what_it_promises(vectors, method, scope):
    found = verdicts(checked(vectors, method=method, scope=scope.value))

    promises = merge_method_named(method).identities
    applies = Identity.ONE_TASK_IS_FINE_TUNED in promises and scope is not Scope.BLOCKS
    assert found == {
        Identity.ZERO_SCALING_IS_BASE: Verdict.VERIFIED,
        Identity.ONE_TASK_IS_FINE_TUNED: Verdict.VERIFIED if applies else Verdict.NOT_APPLICABLE,
    }


def test_trimming_method_states_why_one_task_does_not_apply(vectors):
    _, one_task = checked(vectors, method="ties")

    assert one_task.reason == "TIES-Merging changes a task vector even when it stands alone"


class Off(MergeEngine):
    """Off by the smallest step in one weight, after every merge of some scaling."""

    wrong_at = 0.0

    def merge(self, recipe, **others):
        outcome = super().merge(recipe, **others)
        if recipe.scale.scaling == self.wrong_at:
            self.theta[-1] = self.theta[-1].nextafter(self.theta[-1] + 1)
        return outcome


def test_base_that_is_missed_by_the_smallest_step_fails(vectors):
    zero, one_task = checked(vectors, Off(vectors))

    assert (zero.verdict, one_task.verdict) == (Verdict.FAILED, Verdict.VERIFIED)


def test_fine_tuned_model_that_is_missed_fails_by_name(vectors):
    engine = Off(vectors)
    engine.wrong_at = 1.0

    zero, one_task = checked(vectors, engine)

    assert (zero.verdict, one_task.verdict) == (Verdict.VERIFIED, Verdict.FAILED)
    assert one_task.reason == "'shallow' alone differs from its model"


def test_check_can_be_stopped(vectors):
    context = JobContext()
    context.cancelled = True
    recipe = Recipe.from_mapping({"scaling": 0.7}, tasks=vectors.tasks)

    with pytest.raises(JobCancelled):
        check_identities(MergeEngine(vectors), replace(recipe, seed=1), context)
