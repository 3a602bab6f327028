"""Timing several paths in turns, so that a busy moment of the machine hits them all."""

from collections.abc import Callable, Mapping
from statistics import median
from time import perf_counter

REPEATS = 7


def medians(
    paths: Mapping[str, Callable[[], object]],
    *,
    repeats: int = REPEATS,
    warm_up: bool = True,
    before: Callable[[], object] = lambda: None,
) -> dict[str, float]:
    """Median seconds of each path over interleaved rounds.

    Args:
        paths: What to time, by name.
        repeats: Rounds that count.
        warm_up: Whether a round goes before them, to compile and to touch memory.
        before: Done before each path, not timed.
    """
    seconds: dict[str, list[float]] = {name: [] for name in paths}
    for round_ in range(-1 if warm_up else 0, repeats):
        for name, path in paths.items():
            before()
            begin = perf_counter()
            path()
            if round_ >= 0:
                seconds[name].append(perf_counter() - begin)
    return {name: median(values) for name, values in seconds.items()}


def fastest(seconds: Mapping[str, float], prefix: str) -> float:
    """The smallest of those whose name begins so: a careless floor passes everything."""
    return min(value for name, value in seconds.items() if name.startswith(prefix))
