"""Number of threads that the kernels and torch may use, set in one place."""

import numba
import torch


def set_threads(count: int) -> None:
    """Let torch's operators and the kernels called from this thread use `count` cores each.

    Both remember the number per calling thread, so a worker calls this itself.

    Args:
        count: From 1 to the number of cores.
    """
    torch.set_num_threads(count)
    numba.set_num_threads(count)
