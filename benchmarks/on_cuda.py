"""The slider's paths on an NVIDIA GPU, against how fast its memory streams the same bytes."""

from collections.abc import Callable, Iterator

import torch

from analysis.merge.engine import MergeEngine
from analysis.merge.recipe import Recipe
from analysis.model.task_vectors import TaskVectors
from benchmarks.table import Line
from benchmarks.timing import medians
from benchmarks.vectors import task_vectors


def lines(n_tasks: int, n_weights: int) -> Iterator[Line]:
    """Merge again and again, all ways in turns; every path ends with the GPU's work done."""
    made = task_vectors(n_tasks, n_weights)
    there = TaskVectors(made.layout, made.tasks, made.theta_0.cuda(), made.deltas.cuda(), made.changed)
    engine, moves = MergeEngine(there), iter(range(1_000_000))

    def merge(method: str, *, afresh: bool = False) -> Callable[[], object]:
        def run() -> None:
            weights = {there.tasks[0]: 1 + 0.001 * next(moves)}
            # A density nobody asked for before has no thresholds yet.
            params = {"density": 0.2 + 1e-6 * next(moves)} if afresh else {}
            engine.merge(_recipe(there, method=method, weights=weights, params=params))

        return run

    def rescale() -> None:
        engine.merge(_recipe(there, method="ties", scaling=0.3 + 0.001 * next(moves)))

    def stream() -> None:
        there.deltas.sum()
        there.theta_0.sum()
        engine.tau_mtl.zero_()
        torch.cuda.synchronize()

    seconds = medians(
        {
            "floor": stream,
            "linear": merge("task_arithmetic"),
            "ties": merge("ties"),
            "ties from scratch": merge("ties", afresh=True),
        }
    )
    rescale()
    seconds |= medians({"scale": rescale})
    floor, n_bytes = seconds["floor"], (n_tasks + 2) * 4 * n_weights
    for path, name, target in (
        ("linear re-merge", "linear", 1.4),
        ("TIES re-merge, thresholds known", "ties", 1.5),
        ("TIES from scratch", "ties from scratch", 2.5),
    ):
        yield Line(path=path, measured=seconds[name], floor=floor, n_bytes=n_bytes, target=target)
    yield Line(
        path="scale-only re-merge, of a full one",
        measured=seconds["scale"],
        floor=seconds["linear"],
        target=0.4,
    )


def _recipe(given: TaskVectors, **parts: object) -> Recipe:
    return Recipe.from_mapping({"scaling": 0.3, **parts}, tasks=given.tasks)
