"""Merges whose outcome is known beforehand, checked on the open zoo."""

from dataclasses import dataclass, replace
from enum import StrEnum

import torch

from analysis.merge.engine import MergeEngine
from analysis.merge.recipe import Recipe
from analysis.merge.registry import Identity, merge_method_named
from analysis.merge.scaling import Constant
from analysis.model.scope import Scope
from app.work.jobs import JobContext

_COLUMNS = 1 << 22


class Verdict(StrEnum):
    """What the check of an identity found."""

    VERIFIED = "verified"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class IdentityCheck:
    """One identity and what became of it."""

    identity: Identity
    verdict: Verdict
    reason: str
    """Why it does not apply, or what was compared."""


def check_identities(engine: MergeEngine, recipe: Recipe, context: JobContext) -> tuple[IdentityCheck, ...]:
    """Check on weights what the recipe's method promises; equal weights give equal accuracies.

    Args:
        engine: Its buffer is overwritten.
        recipe: Its method, params and scope are checked; its weights and scale are replaced.
        context: Whether to stop.
    """
    return (_zero_scaling(engine, recipe, context), _one_task(engine, recipe, context))


def _zero_scaling(engine: MergeEngine, recipe: Recipe, context: JobContext) -> IdentityCheck:
    engine.merge(replace(recipe, scale=Constant(0.0)), check=context.check)
    holds = _is_base_plus(engine, None, context)
    return IdentityCheck(
        Identity.ZERO_SCALING_IS_BASE,
        Verdict.VERIFIED if holds else Verdict.FAILED,
        "every weight compared with the base's",
    )


def _one_task(engine: MergeEngine, recipe: Recipe, context: JobContext) -> IdentityCheck:
    identity = Identity.ONE_TASK_IS_FINE_TUNED
    method = merge_method_named(recipe.method)
    if identity not in method.identities:
        reason = f"{method.title} changes a task vector even when it stands alone"
        return IdentityCheck(identity, Verdict.NOT_APPLICABLE, reason)
    if recipe.scope is Scope.BLOCKS:
        return IdentityCheck(identity, Verdict.NOT_APPLICABLE, "weights outside the blocks stay the base's")
    for row, task in enumerate(engine.task_vectors.tasks):
        alone = {name: float(name == task) for name in recipe.weights}
        engine.merge(replace(recipe, weights=alone, scale=Constant(1.0)), check=context.check)
        if not _is_base_plus(engine, row, context):
            return IdentityCheck(identity, Verdict.FAILED, f"'{task}' alone differs from its model")
    return IdentityCheck(identity, Verdict.VERIFIED, "every task's weights compared with its model's")


def _is_base_plus(engine: MergeEngine, row: int | None, context: JobContext) -> bool:
    """Whether the merged weights are θ_0, or θ_0 + τ_t, to the last bit."""
    vectors = engine.task_vectors
    for start in range(0, len(vectors.theta_0), _COLUMNS):
        context.check()
        columns = slice(start, start + _COLUMNS)
        expected = vectors.theta_0[columns]
        if row is not None:
            expected = expected + vectors.deltas[row, columns]
        if not torch.equal(engine.theta[columns].to(expected.device), expected):
            return False
    return True
