"""TALL masks of every task with all their counts, and at every λ, against reading the task vectors once."""

from collections.abc import Callable, Iterator

from analysis.layout import Layout
from analysis.tall_masks import Vector, bits_like, tall_counts, tall_curve
from analysis.task_vectors import TaskVectors
from benchmarks.floor import reading_floors
from benchmarks.merging import made_up
from benchmarks.naive import state_dict_shapes
from benchmarks.table import Line
from benchmarks.timing import fastest, medians

_STOPS = tuple(round(0.02 * k, 2) for k in range(76))
_LAMBDA = 0.4


def lines(n_tasks: int, n_weights: int) -> Iterator[Line]:
    """Go through the weights again and again, all passes in turns."""
    buffers = made_up(n_tasks, n_weights)
    sizes = state_dict_shapes(n_weights)
    shapes = {f"visual.transformer.resblocks.{k // 12}.{k}": (size,) for k, size in enumerate(sizes)}
    tasks = tuple(str(t) for t in range(n_tasks))
    changed = (True,) * len(shapes)
    vectors = TaskVectors(Layout.from_shapes(shapes), tasks, buffers.theta_0, buffers.deltas, changed)
    whole, bits, lambdas = ((0, n_weights),), bits_like(vectors), [_LAMBDA] * n_tasks
    paths: dict[str, Callable[[], object]] = {
        "sum": lambda: tall_counts(vectors, whole, tall_lambda=lambdas, bits=bits),
        "null": lambda: tall_counts(vectors, whole, tall_lambda=lambdas, sign_seed=0),
        "ties": lambda: tall_counts(vectors, whole, tall_lambda=lambdas, vector=Vector.TIES, bits=bits),
        "curve": lambda: tall_curve(vectors, whole, stops=_STOPS),
    }
    seconds = medians(reading_floors(buffers.deltas, bits) | paths)
    floor = fastest(seconds, "floor")
    n_bytes = n_tasks * 4 * n_weights + bits.element_size() * n_weights
    for name, path, target in (
        ("sum", "TALL masks and their counts", 2.5),
        ("null", "the same with signs drawn anew", 4.0),
        ("ties", "the same for TIES, from scratch", 5.0),
        ("curve", f"TALL counts at {len(_STOPS)} shared λ", 8.0),
    ):
        yield Line(path=path, measured=seconds[name], floor=floor, n_bytes=n_bytes, target=target)
