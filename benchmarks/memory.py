"""What the engine holds beside the weights it was given, and whether merging again adds to it."""

from collections.abc import Iterator

from benchmarks.table import Line
from tests.peak_memory import added_at_peak

_SETUP = """
import torch
from analysis.merge.engine import MergeEngine
from analysis.model.layout import Layout
from analysis.merge.recipe import Recipe
from analysis.model.task_vectors import TaskVectors

n_tasks, n_weights = {n_tasks}, {n_weights}
tasks = tuple(str(t) for t in range(n_tasks))
layout = Layout.from_shapes({{"visual.proj": (n_weights,)}})
given = TaskVectors(layout, tasks, torch.rand(n_weights), torch.rand(n_tasks, n_weights), (True,))
"""

_WORK = """
engine = MergeEngine(given)
for move in range({n_merges}):
    for method in ("task_arithmetic", "ties"):
        recipe = {{"method": method, "scaling": 0.3, "weights": {{"0": 1 + 0.01 * move}}}}
        engine.merge(Recipe.from_mapping(recipe, tasks=tasks))
"""


def lines(n_tasks: int, n_weights: int) -> Iterator[Line]:
    """Merge in processes of their own."""
    setup = _SETUP.format(n_tasks=n_tasks, n_weights=n_weights)
    few, many = (added_at_peak(setup, _WORK.format(n_merges=n)) for n in (2, 25))
    given = (n_tasks + 1) * 4 * n_weights
    allowed = (n_tasks + 4) * 4 * n_weights
    yield Line(
        path="memory of engine and weights", measured=given + few, floor=allowed, target=1.0, is_memory=True
    )
    yield Line(
        path="memory after 50 re-merges, of after 4",
        measured=given + many,
        floor=given + few,
        target=1.01,
        is_memory=True,
    )
