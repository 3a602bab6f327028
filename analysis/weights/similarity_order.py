"""An order in which tasks that resemble one another stand side by side."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def cosines(gram: Numbers) -> Numbers:
    """Cosines of vectors from their scalar products, (..., T, T); NaN with a vector that is 0."""
    length = np.sqrt(np.einsum("...tt->...t", gram))
    scale = length[..., :, None] * length[..., None, :]
    found: Numbers = np.divide(gram, scale, out=np.full(gram.shape, np.nan), where=scale > 0)
    return found


def similarity_order(similarities: Numbers) -> tuple[int, ...]:
    """Leaves of average-linkage clustering: each cluster is a stretch, turned so that like ends meet.

    Args:
        similarities: Symmetric, (T, T), the larger the more alike; NaN counts as 0.

    >>> similarity_order(np.array([[1.0, 0.1, 0.8], [0.1, 1.0, 0.2], [0.8, 0.2, 1.0]]))
    (0, 2, 1)
    """
    alike = np.nan_to_num(similarities)
    clusters = [[task] for task in range(len(alike))]
    while len(clusters) > 1:
        pairs = [(a, b) for a in range(len(clusters)) for b in range(a + 1, len(clusters))]
        a, b = max(pairs, key=lambda pair: float(alike[np.ix_(clusters[pair[0]], clusters[pair[1]])].mean()))
        turned = [
            (one, other)
            for one in (clusters[a], clusters[a][::-1])
            for other in (clusters[b], clusters[b][::-1])
        ]
        one, other = max(turned, key=lambda ends: float(alike[ends[0][-1], ends[1][0]]))
        clusters[a] = one + other
        del clusters[b]
    return tuple(clusters[0]) if clusters else ()
