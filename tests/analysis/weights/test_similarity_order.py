import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import average
from scipy.spatial.distance import squareform

from analysis.weights.similarity_order import cosines, similarity_order


@given(st.integers(2, 9), st.integers(0, 10_000))
def test_every_cluster_of_average_linkage_is_a_stretch(n_tasks, seed):
    distances = np.random.default_rng(seed).uniform(size=n_tasks * (n_tasks - 1) // 2)
    order = similarity_order(1 - squareform(distances))

    clusters = [{task} for task in range(n_tasks)]
    for one, other, _, _ in average(distances):
        clusters.append(clusters[int(one)] | clusters[int(other)])
        places = [order.index(task) for task in clusters[-1]]
        assert max(places) - min(places) == len(places) - 1


def test_families_that_are_mixed_in_the_zoo_come_together():
    family = np.array([0, 1, 0, 1, 0])

    order = similarity_order(np.where(family[:, None] == family, 0.9, 0.1))

    assert family[list(order)].tolist() in ([0, 0, 0, 1, 1], [1, 1, 0, 0, 0])


def test_clusters_turn_so_that_like_ends_meet():
    # 0-1 and 2-3 are clusters; of their ends 0 and 3 are most alike.
    alike = np.array([[1, 0.9, 0.1, 0.5], [0.9, 1, 0.1, 0.1], [0.1, 0.1, 1, 0.8], [0.5, 0.1, 0.8, 1]])

    assert similarity_order(alike) in ((1, 0, 3, 2), (2, 3, 0, 1))


def test_eight_random_tasks_have_the_order_worked_out_without_scipy():
    vectors = np.random.default_rng(5).normal(size=(8, 20))

    assert similarity_order(cosines(vectors @ vectors.T)) == (1, 4, 5, 0, 7, 3, 2, 6)


@pytest.mark.parametrize("n_tasks", [0, 1, 2])
def test_a_few_tasks_stay_as_they_are(n_tasks):
    assert similarity_order(np.full((n_tasks, n_tasks), np.nan)) == tuple(range(n_tasks))


def test_cosines_are_those_of_the_vectors_and_a_vector_of_nothing_has_none():
    vectors = np.array([[3.0, 4.0], [4.0, 3.0], [0.0, 0.0]])

    found = cosines(vectors @ vectors.T)

    assert found[0, 1] == pytest.approx(24 / 25)
    assert np.isnan(found[2]).all()
