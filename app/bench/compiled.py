"""The merge loops, compiled before the first slider moves.

A loop is compiled when it is first called, for seconds, and kept on disk for the next start.
"""

import os
from pathlib import Path

import torch

from analysis.merge.engine import MergeEngine
from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_methods
from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors
from app.work.jobs import JobContext

_LAYOUT = Layout.from_shapes({"visual.proj": (8,), "visual.transformer.resblocks.0.ln_1.weight": (8,)})
"""A few weights in two slices: a slice of a matrix is another type to the compiler than a whole one."""


PREPARING = "Preparing the merge"
COMPILING = "Compiling the merge for this machine, once, about half a minute"


def compile_merges(n_tasks: int, context: JobContext) -> None:
    """Merge a few weights of as many tasks by every method, in full and with another scale only.

    Args:
        n_tasks: Of the zoo.
        context: Where to report, and whether to stop; others pass between two methods.
    """
    context.report(None, PREPARING if _are_kept() else COMPILING)
    tasks = tuple(str(number) for number in range(n_tasks))
    theta_0, deltas = torch.zeros(_LAYOUT.n_weights), torch.ones(n_tasks, _LAYOUT.n_weights)
    engine = MergeEngine(TaskVectors(_LAYOUT, tasks, theta_0, deltas, (True, True)))
    for method in merge_methods():
        context.let_others_pass()
        for scaling in (0.0, 1.0):
            recipe = Recipe.from_mapping({"method": method, "scaling": scaling}, tasks=tasks)
            engine.merge(recipe, check=context.check)


def _are_kept() -> bool:
    """Whether an earlier start has kept compiled loops."""
    return any(Path(os.environ["NUMBA_CACHE_DIR"]).rglob("*.nbc"))
