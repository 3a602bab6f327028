"""The number of cores that merging and evaluation may use."""

import os

import numba

from analysis.kernels.threads import set_threads
from app.errors import ZooError

THREADS = "TAUSCOPE_THREADS"
"""Environment variable that overrides the choice: a whole number, at least 1."""


def use_threads() -> None:
    """Leave one core to the browser and the page, on the thread that calls this and for what it starts.

    Parallel sections wait for their slowest thread: with as many threads as cores, an evaluation that
    takes 0.13 s on an idle machine took 2 to 20 s as soon as other programs wanted the cores too; with
    one thread fewer, 0.5 to 1 s.

    Raises:
        ZooError: The environment variable holds no such number.
    """
    # The kernels were given their threads at start and refuse to use more.
    most = numba.config.NUMBA_NUM_THREADS  # type: ignore[attr-defined]  # set while numba is imported
    set_threads(min(_asked_for() or max(1, _cores() - 1), most))


def _asked_for() -> int | None:
    given = os.environ.get(THREADS, "").strip()
    if not given:
        return None
    if not given.isdecimal() or int(given) < 1:
        raise ZooError(f"{THREADS} is '{given}', expected a whole number of at least 1; correct or unset it.")
    return int(given)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
