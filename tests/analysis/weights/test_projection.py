import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.weights.projection import (
    nearest_neighbours,
    neighbours_kept,
    pca,
    pca_of_gram,
    points_of_gram,
    umap,
)


def cloud(n, d, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


@given(n=st.integers(3, 12), d=st.integers(2, 6), seed=st.integers(0, 9))
def test_pca_has_the_variances_that_singular_values_give(n, d, seed):
    values = cloud(n, d, seed)
    plane = pca(values)

    singular = np.linalg.svd(values - values.mean(axis=0), compute_uv=False)
    shares = singular**2 / (singular**2).sum()
    assert plane.explained == pytest.approx(tuple(shares[:2]))
    assert plane.points.std(axis=0) == pytest.approx(singular[:2] / np.sqrt(n))
    assert abs(plane.points[:, 0] @ plane.points[:, 1]) < 1e-9


@given(seed=st.integers(0, 9))
def test_a_plane_in_space_is_found_without_loss(seed):
    flat = cloud(8, 2, seed) @ cloud(2, 5, seed + 1)

    plane = pca(flat)

    distances = np.linalg.norm(flat[:, None] - flat, axis=-1)
    assert np.linalg.norm(plane.points[:, None] - plane.points, axis=-1) == pytest.approx(distances)
    assert sum(plane.explained) == pytest.approx(1.0)


@given(seed=st.integers(0, 9))
def test_scalar_products_are_enough_and_need_not_be_centred(seed):
    values = cloud(6, 4, seed) + 10

    assert pca_of_gram(values @ values.T).points == pytest.approx(pca(values).points, abs=1e-6)


def test_points_of_scalar_products_have_their_distances():
    values = np.random.default_rng(0).normal(size=(12, 40))

    points = points_of_gram(values @ values.T)

    assert points.shape == (12, 12)
    assert points @ points.T == pytest.approx(values @ values.T)
    assert nearest_neighbours(points, 5).tolist() == nearest_neighbours(values, 5).tolist()


def test_independent_directions_of_equal_length_have_no_first_axis():
    assert pca_of_gram(np.eye(8)).explained == pytest.approx((1 / 7, 1 / 7))


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_points_lie_on_a_line(n):
    plane = pca(cloud(n, 3))

    assert plane.points.shape == (n, 2)
    assert plane.points[:, 1] == pytest.approx(0, abs=1e-6)


def test_the_same_points_keep_all_neighbours_and_shuffled_ones_keep_what_chance_gives():
    values = cloud(400, 2)
    shuffled = values[np.random.default_rng(1).permutation(400)]

    assert neighbours_kept(values, values) == 1.0
    assert neighbours_kept(values, 3 * values + 1) == 1.0
    assert neighbours_kept(values, shuffled) == pytest.approx(5 / 399, abs=0.01)


def test_umap_keeps_two_distant_clouds_apart_and_repeats_itself():
    values = np.concatenate([cloud(20, 5), cloud(20, 5, 1) + 50])
    plane = umap(values)

    first, second = plane.points[:20], plane.points[20:]
    gap = np.linalg.norm(first.mean(axis=0) - second.mean(axis=0))
    assert gap > 2 * max(first.std(), second.std())
    assert np.array_equal(plane.points, umap(values).points)
    assert plane.explained is None
