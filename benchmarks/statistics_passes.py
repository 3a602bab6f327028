"""Statistics of all task vectors in one pass, against reading them once and against a walk over pairs."""

from collections.abc import Callable, Iterator

from analysis.weights.statistics import statistics
from benchmarks.floor import reading_floors
from benchmarks.naive import naive_statistics
from benchmarks.table import Line
from benchmarks.timing import fastest, medians
from benchmarks.vectors import task_vectors
from tests.peak_memory import added_at_peak

_SETUP = """
from analysis.weights.statistics import statistics
from analysis.masks.multi_task_vector import MaskInputs
from analysis.masks.tall import bits_like, tall_counts
from benchmarks.vectors import task_vectors

few, given = task_vectors({n_tasks}, 4096), task_vectors({n_tasks}, {n_weights})
statistics(few, ((0, 4096),))
tall_counts(MaskInputs(few, ((0, 4096),)), [0.4] * {n_tasks}, bits=bits_like(few))
"""

_STATISTICS = "statistics(given, ((0, {n_weights}),))"
_MASKS = """
tall_counts(MaskInputs(given, ((0, {n_weights}),)), [0.4] * {n_tasks}, bits=bits_like(given))
"""

_BESIDE = 100_000_000
"""Bytes that a pass may take beside those for each weight."""


def lines(n_tasks: int, n_weights: int) -> Iterator[Line]:
    """Go through the weights again and again, in turns; then once more in processes of their own."""
    vectors, whole = task_vectors(n_tasks, n_weights), ((0, n_weights),)
    paths: dict[str, Callable[[], object]] = {
        "statistics": lambda: statistics(vectors, whole),
        "null": lambda: statistics(vectors, whole, sign_seed=0),
    }
    seconds = medians(reading_floors(vectors.deltas, vectors.theta_0[:0]) | paths)
    slow = medians({"naive": lambda: naive_statistics(vectors.deltas)}, repeats=1, warm_up=False)
    floor, n_bytes = fastest(seconds, "floor"), n_tasks * 4 * n_weights
    yield Line(
        path="statistics with histograms",
        measured=seconds["statistics"],
        floor=floor,
        n_bytes=n_bytes,
        peer=slow["naive"],
        target=8.0,
    )
    yield Line(path="the same with random signs", measured=seconds["null"], floor=floor, target=10.0)
    given = {"n_tasks": n_tasks, "n_weights": n_weights}
    for path, work in (("statistics", _STATISTICS), ("TALL masks and counts", _MASKS)):
        yield Line(
            path=f"memory {path} add",
            measured=added_at_peak(_SETUP.format(**given), work.format(**given)),
            floor=6 * n_weights + _BESIDE,
            target=1.0,
            is_memory=True,
        )
