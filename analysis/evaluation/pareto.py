"""Settings that no other beats on everything at once."""

import numpy as np

from analysis.arrays import Flags, Numbers


def on_front(values: Numbers) -> Flags:
    """Which settings no other equals or beats on all measures and beats on one; equal settings stay together.

    Args:
        values: Measures of each setting, larger is better, (N, M).

    Returns:
        (N,).

    >>> on_front(np.array([[1.0, 0.0], [0.5, 0.5], [0.4, 0.5]])).tolist()
    [True, True, False]
    """
    at_least = (values[:, None] >= values[None]).all(axis=-1)  # (N, N): row against column
    more = (values[:, None] > values[None]).any(axis=-1)
    return np.asarray(~(at_least & more).any(axis=0), dtype=np.bool_)
