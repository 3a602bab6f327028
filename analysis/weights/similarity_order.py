"""Similarity of updates, and an order in which similar tasks stand side by side."""

from itertools import product

import numpy as np

from analysis.arrays import Numbers


def cosines(gram: Numbers) -> Numbers:
    """Cosines of vectors from their scalar products, (..., T, T); NaN with a vector that is 0."""
    length = np.sqrt(np.einsum("...tt->...t", gram))
    scale = length[..., :, None] * length[..., None, :]
    found: Numbers = np.divide(gram, scale, out=np.full(gram.shape, np.nan), where=scale > 0)
    return found


def similarity_order(similarities: Numbers) -> tuple[int, ...]:
    """Leaves of average-linkage clustering, each cluster turned so that the ends that meet are alike.

    The clusters are turned here because scipy's `optimal_ordering` often misses the best order, and by more
    than this rule does (scipy issue 11227).

    Args:
        similarities: Symmetric, (T, T), the larger the more alike; NaN counts as 0.

    >>> similarity_order(np.array([[1.0, 0.1, 0.8], [0.1, 1.0, 0.2], [0.8, 0.2, 1.0]]))
    (0, 2, 1)
    """
    clusters: list[tuple[int, ...]] = [(task,) for task in range(len(similarities))]
    if len(clusters) < 2:
        return tuple(range(len(clusters)))
    # Here: it takes a third of a second, and most pages never need it.
    from scipy.cluster.hierarchy import linkage

    alike = np.nan_to_num(similarities)
    distances = alike.max() - alike[np.triu_indices(len(alike), 1)]
    for first, second in linkage(distances, "average")[:, :2].astype(int):
        a, b = sorted((clusters[first], clusters[second]), key=min)
        turned = product((a, a[::-1]), (b, b[::-1]))
        one, other = max(turned, key=lambda ends: float(alike[ends[0][-1], ends[1][0]]))
        clusters.append(one + other)
    return clusters[-1]
