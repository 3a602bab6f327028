"""Timing several paths in turns, so that a busy moment of the machine hits them all."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

REPEATS = 7


def medians(paths: dict[str, Callable[[], object]], *, repeats: int = REPEATS) -> dict[str, float]:
    """Median seconds of each path over interleaved rounds; one round before them warms up and compiles."""
    seconds: dict[str, list[float]] = {name: [] for name in paths}
    for round_ in range(repeats + 1):
        for name, path in paths.items():
            begin = perf_counter()
            path()
            if round_ > 0:
                seconds[name].append(perf_counter() - begin)
    return {name: median(values) for name, values in seconds.items()}
