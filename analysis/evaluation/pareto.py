"""Settings that no other beats on everything at once."""

import numpy as np
from numpy.typing import NDArray


def on_front(values: NDArray[np.float64]) -> NDArray[np.bool_]:
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
