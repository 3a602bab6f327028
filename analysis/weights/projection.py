"""Points on a plane: PCA, UMAP, and how much of the neighbourhood the plane keeps.

Source of UMAP: McInnes et al., 2018, arXiv:1802.03426.
"""

import warnings
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Integers, Numbers

FEW = 30
"""Points below which UMAP has too little to learn a neighbourhood from; PCA is drawn then."""


@dataclass(frozen=True, eq=False, slots=True)
class Plane:
    """Points laid out on a plane."""

    points: Numbers
    """(N, 2), unitless; of UMAP only the neighbours have a meaning."""
    explained: tuple[float, float] | None
    """Share of the variance along each axis, in [0, 1]; None for UMAP, which has no such number."""


def pca(values: Numbers) -> Plane:
    """The plane along which the points vary most.

    Each axis has the sign that makes its largest coordinate positive, so that equal data look equal.

    Args:
        values: One point a row, (N, D), N ≥ 1.
    """
    centred = values - values.mean(axis=0)
    return pca_of_gram(centred @ centred.T)


def pca_of_gram(gram: Numbers) -> Plane:
    """PCA of points known only by their scalar products: of 88 million weights, for example.

    Args:
        gram: Scalar products of the points, (N, N); they need not be centred.
    """
    n = len(gram)
    centring = np.eye(n) - 1 / n
    values, vectors = np.linalg.eigh(centring @ gram @ centring)
    values = np.clip(values, 0.0, None)
    first = np.argsort(values)[::-1][:2]
    points = np.zeros((n, 2))
    points[:, : len(first)] = vectors[:, first] * np.sqrt(values[first])
    points *= np.where(np.take_along_axis(points, np.abs(points).argmax(axis=0)[None], 0) < 0, -1.0, 1.0)
    total = values.sum()
    shares = [float(values[k] / total) if total > 0 else 0.0 for k in first]
    return Plane(points, (shares[0], shares[1] if len(shares) > 1 else 0.0))


def points_of_gram(gram: Numbers) -> Numbers:
    """Points that have these scalar products, (N, N): their distances are those of the vectors themselves.

    Args:
        gram: Scalar products, (N, N), symmetric and positive semi-definite but for rounding.
    """
    values, vectors = np.linalg.eigh(gram)
    points: Numbers = vectors * np.sqrt(np.clip(values, 0.0, None))
    return points


def umap(values: Numbers, *, n_neighbours: int = 15, min_dist: float = 0.1, seed: int = 0) -> Plane:
    """Points laid out so that neighbours stay neighbours; euclidean, repeatable.

    The first call in a process compiles for about 20 seconds.

    Args:
        values: One point a row, (N, D), N ≥ 4.
        n_neighbours: Neighbours that count, 2 … N − 1.
        min_dist: Least distance drawn, unitless.
        seed: The same gives the same picture.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that tensorflow is missing, and that a seed means one thread
        from umap import UMAP  # takes seconds, and most pages never need it

        model = UMAP(
            n_neighbors=min(n_neighbours, len(values) - 1),
            min_dist=min_dist,
            random_state=seed,
            init="random" if len(values) < 10 else "spectral",
        )
        return Plane(np.asarray(model.fit_transform(values), dtype=np.float64), None)


def neighbours_kept(values: Numbers, points: Numbers, *, n_neighbours: int = 5) -> float:
    """Share of each point's nearest neighbours that are still among its nearest on the plane, in [0, 1].

    Points placed at random keep n_neighbours / (N − 1) of them on average.

    Args:
        values: The points themselves, (N, D).
        points: The same on the plane, (N, 2).
        n_neighbours: How many, less than N.
    """
    k = min(n_neighbours, len(values) - 1)
    if k < 1:
        return 1.0
    before, after = nearest_neighbours(values, k), nearest_neighbours(points, k)
    kept = [np.isin(mine, theirs).sum() for mine, theirs in zip(before, after, strict=True)]
    return float(sum(kept) / (k * len(values)))


def nearest_neighbours(values: Numbers, k: int) -> Integers:
    """Rows of each point's k nearest others, the nearest first, (N, D) -> (N, k)."""
    squares = (values**2).sum(axis=1)
    distances = squares[:, None] + squares - 2 * values @ values.T
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :k]
