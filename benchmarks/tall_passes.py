"""TALL masks of every task with all their counts, and at every λ, against reading the task vectors once."""

from collections.abc import Callable, Iterator

from analysis.masks.curve import tall_curve
from analysis.masks.multi_task_vector import Vector, ties_trim
from analysis.masks.tall import bits_like, tall_counts
from benchmarks.floor import reading_floors
from benchmarks.table import Line
from benchmarks.timing import fastest, medians
from benchmarks.vectors import task_vectors

_STOPS = tuple(round(0.02 * k, 2) for k in range(76))
_LAMBDA = 0.4


def lines(n_tasks: int, n_weights: int) -> Iterator[Line]:
    """Go through the weights again and again, all passes in turns."""
    vectors = task_vectors(n_tasks, n_weights)
    whole, bits, lambdas = ((0, n_weights),), bits_like(vectors), [_LAMBDA] * n_tasks
    cut = ties_trim(vectors, whole)
    paths: dict[str, Callable[[], object]] = {
        "sum": lambda: tall_counts(vectors, whole, tall_lambda=lambdas, bits=bits),
        "null": lambda: tall_counts(vectors, whole, tall_lambda=lambdas, sign_seed=0),
        "ties": lambda: tall_counts(vectors, whole, tall_lambda=lambdas, vector=Vector.TIES, bits=bits),
        "known": lambda: tall_counts(
            vectors, whole, tall_lambda=lambdas, vector=Vector.TIES, cut=cut, bits=bits
        ),
        "curve": lambda: tall_curve(vectors, whole, stops=_STOPS),
    }
    seconds = medians(reading_floors(vectors.deltas, bits) | paths)
    floor = fastest(seconds, "floor")
    n_bytes = n_tasks * 4 * n_weights + bits.element_size() * n_weights
    for name, path, target in (
        ("sum", "TALL masks and their counts", 2.5),
        ("null", "the same with signs drawn anew", 4.0),
        ("known", "the same for TIES, λ moved", 4.0),
        ("ties", "the same for TIES, from scratch", 5.0),
        ("curve", f"TALL counts at {len(_STOPS)} shared λ", 8.0),
    ):
        yield Line(path=path, measured=seconds[name], floor=floor, n_bytes=n_bytes, target=target)
