"""How many cores merging and evaluation may use."""

import os

from analysis.kernels.threads import set_threads

THREADS = "TAUSCOPE_THREADS"
"""Environment variable that overrides the choice."""


def use_threads() -> None:
    """Leave one core to the browser and the page, on the thread that calls this and for what it starts.

    Parallel sections wait for their slowest thread: with as many threads as cores, an evaluation that
    takes 0.13 s on an idle machine took 2 to 20 s as soon as other programs wanted the cores too; with
    one thread fewer, 0.5 to 1 s.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    set_threads(int(os.environ.get(THREADS, 0)) or max(1, cores - 1))
