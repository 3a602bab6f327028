"""Similarity of updates, and an order in which similar tasks stand side by side."""

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
    """Leaves of average-linkage clustering, turned so that neighbours are as alike as the clusters allow.

    Of the two directions, the one that begins with the earlier task of both ends.

    Source: Bar-Joseph et al., Fast optimal leaf ordering for hierarchical clustering, 2001.

    Args:
        similarities: Symmetric, (T, T), the larger the more alike; NaN counts as 0.

    >>> similarity_order(np.array([[1.0, 0.1, 0.8], [0.1, 1.0, 0.2], [0.8, 0.2, 1.0]]))
    (0, 2, 1)
    """
    if len(similarities) < 3:
        return tuple(range(len(similarities)))
    # Here: it takes a third of a second, and most pages never need it.
    from scipy.cluster.hierarchy import leaves_list, linkage

    alike = np.nan_to_num(similarities)
    distances = alike.max() - alike[np.triu_indices(len(alike), 1)]
    order = tuple(leaves_list(linkage(distances, "average", optimal_ordering=True)).tolist())
    return order if order[0] < order[-1] else order[::-1]
