"""TALL masks of every task with all their counts, and at every λ, against reading the task vectors once."""

from collections.abc import Callable, Iterator

from analysis.masks.curve import tall_curve
from analysis.masks.multi_task_vector import MaskInputs, Vector
from analysis.masks.tall import bits_like, tall_counts
from analysis.masks.ties_sum import ties_trim
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
    cut = ties_trim(vectors.deltas, range(n_tasks), whole)
    added_up, redrawn = MaskInputs(vectors, whole), MaskInputs(vectors, whole, sign_seed=0)
    ties, known = MaskInputs(vectors, whole, Vector.TIES), MaskInputs(vectors, whole, Vector.TIES, cut)
    paths: dict[str, Callable[[], object]] = {
        "sum": lambda: tall_counts(added_up, lambdas, bits=bits),
        "null": lambda: tall_counts(redrawn, lambdas),
        "ties": lambda: tall_counts(ties, lambdas, bits=bits),
        "known": lambda: tall_counts(known, lambdas, bits=bits),
        "curve": lambda: tall_curve(added_up, _STOPS),
    }
    seconds = medians(reading_floors(vectors.deltas, bits) | paths)
    floor = fastest(seconds, "floor")
    n_bytes = n_tasks * 4 * n_weights + bits.element_size() * n_weights
    for name, path, target in (
        ("sum", "TALL masks and their counts", 2.5),
        ("null", "the same with random signs", 4.0),
        ("known", "the same for TIES, another λ", 4.0),
        ("ties", "the same for TIES, from scratch", 5.0),
        ("curve", f"TALL counts at {len(_STOPS)} shared λ", 8.0),
    ):
        yield Line(path=path, measured=seconds[name], floor=floor, n_bytes=n_bytes, target=target)
