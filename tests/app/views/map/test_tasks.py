import numpy as np
import pytest

from analysis.weights.descriptors import DESCRIPTORS
from analysis.weights.statistics import statistics
from app.views.map.tasks import (
    Spot,
    cosines_takeaway,
    in_umap,
    layer_map,
    layer_map_rows,
    layer_map_takeaway,
    task_map,
    task_map_rows,
    task_map_takeaway,
)
from tests.made_vectors import big_updates, one_block, task_vectors_of, whole

N = 6000


def tasks_of(taus):
    vectors = task_vectors_of(taus, one_block(taus.shape[1]))
    return task_map(vectors.tasks, statistics(vectors, whole(vectors)).total)


def layers_of(taus, n_layers, method="pca"):
    shapes = {
        f"visual.transformer.resblocks.{layer}.mlp.c_fc.weight": (taus.shape[1] // n_layers,)
        for layer in range(n_layers)
    }
    vectors = task_vectors_of(taus, shapes)
    found = statistics(vectors, whole(vectors))
    spots = [
        Spot(task, f"visual:{layer}", str(layer), layer, "mlp_in")
        for layer in range(n_layers)
        for task in vectors.tasks
    ]
    return layer_map(spots, found.sums, vectors.tasks, method=method)


def test_cosines_are_those_of_the_updates():
    taus = big_updates(3, N)

    found = tasks_of(taus)

    lengths = np.linalg.norm(taus.astype(float), axis=1)
    assert found.cosines == pytest.approx((taus @ taus.T) / np.outer(lengths, lengths), abs=1e-6)


def test_independent_tasks_show_no_more_than_chance_and_the_map_says_so():
    found = tasks_of(big_updates(8, N))

    assert sum(found.explained) == pytest.approx(found.explained_by_chance, abs=0.05)
    assert "do not read groups" in task_map_takeaway(found)


def test_two_families_of_tasks_are_seen_and_the_map_says_so():
    shared = big_updates(2, N, seed=1)
    taus = np.concatenate(
        [shared[:1] + 0.3 * big_updates(4, N), shared[1:] + 0.3 * big_updates(4, N, seed=2)]
    )

    found = tasks_of(taus)

    assert np.sign(found.points[:4, 0]).tolist() == [np.sign(found.points[0, 0])] * 4
    assert np.sign(found.points[4:, 0]).tolist() == [-np.sign(found.points[0, 0])] * 4
    assert "more than the 29\xa0% of unrelated ones" in task_map_takeaway(found)


@pytest.mark.parametrize("n_tasks", [1, 2, 3])
def test_few_tasks_are_no_picture_of_groups(n_tasks):
    assert "always fit on a plane" in task_map_takeaway(tasks_of(big_updates(n_tasks, N)))


def test_umap_of_many_tasks_keeps_families_together_and_says_how_much_it_keeps():
    shared = np.repeat(big_updates(2, N, seed=1), 15, axis=0)

    found = in_umap(tasks_of(shared + 0.3 * big_updates(30, N)))

    nearest = [np.argsort(((found.points - point) ** 2).sum(axis=1))[1] for point in found.points]
    assert [int(other) // 15 for other in nearest] == [task // 15 for task in range(30)]
    assert found.explained is None
    assert task_map_takeaway(found).endswith("random places would keep 17\xa0%.")
    assert f"UMAP keeps {100 * found.kept:.0f}\xa0% of each task's" in task_map_takeaway(found)


def test_cosines_no_larger_than_chance_are_told_from_none():
    updates = np.random.default_rng(0).choice([-1.0, 1.0], size=(2, 10_000)).astype(np.float32)

    assert cosines_takeaway(tasks_of(updates)) == (
        "No two tasks clearly move alike, or opposed: with signs drawn by chance the cosines of 10\xa0000 "
        "weights lie within ±0.02 as well."
    )
    updates[1, :2000] = updates[0, :2000]
    assert "move with a cosine of 0.2" in cosines_takeaway(tasks_of(updates))


def test_independent_updates_are_told_alike_in_few_zoos_however_their_sizes_differ():
    told = 0
    for seed in range(40):
        taus = big_updates(8, N, seed=seed)
        taus[:, : N // 20] *= 10  # a few weights carry most of every update
        told += not cosines_takeaway(tasks_of(taus)).startswith("No two tasks clearly")

    assert told <= 5  # 2 on average at 95 %


def test_cosines_takeaway_names_the_two_that_move_most_alike():
    alone, opposed = np.eye(3, dtype=np.float32)[:1], np.array([[1, 0, 0], [-1, 0, 0]], np.float32)
    three = np.array([[1, 0, 0], [0, 1, 0], [0, 3, 4]], np.float32)
    opposed, three = np.tile(opposed, 100), np.tile(three, 100)

    assert cosines_takeaway(tasks_of(alone)).startswith("One task alone")
    assert "a cosine of −1.00." in cosines_takeaway(tasks_of(opposed))
    assert "task1 and task2 move most alike, with a cosine of 0.60; the mean pair has 0.20" in (
        cosines_takeaway(tasks_of(three))
    )


def test_a_task_that_moved_nothing_stands_at_no_angle():
    found = tasks_of(np.concatenate([big_updates(2, N), np.zeros((1, N), np.float32)]))

    assert found.cosines[2].tolist() == [0.0, 0.0, 0.0]
    assert [row["task"] for row in task_map_rows(found)] == ["task0", "task1", "task2"]


def test_layers_of_a_task_with_an_update_of_its_own_kind_lie_together_and_the_map_says_so():
    taus = big_updates(4, N) * np.array([[0.01], [0.1], [1.0], [10.0]], dtype=np.float32)

    found = layers_of(taus, 12)

    assert found.same_task > found.same_task_by_chance[1]
    assert "a task's layers resemble one another" in layer_map_takeaway(found)


def test_layers_that_differ_by_chance_alone_are_no_more_alike_and_the_map_says_so():
    found = layers_of(big_updates(4, N), 12)

    assert found.same_task <= found.same_task_by_chance[1]
    assert "no more alike than others'" in layer_map_takeaway(found)


def test_layers_a_task_did_not_move_have_no_point():
    taus = big_updates(2, N)
    taus[0, : N // 3] = 0

    found = layers_of(taus, 3)

    assert [(spot.task, spot.layer) for spot in found.spots] == [
        ("task1", "0"), ("task0", "1"), ("task1", "1"), ("task0", "2"), ("task1", "2")
    ]  # fmt: skip
    rows = layer_map_rows(found)
    assert len(rows) == 5
    assert set(DESCRIPTORS) <= rows[0].keys()


def test_few_points_are_laid_out_by_pca_whatever_was_asked():
    few = layers_of(big_updates(2, N), 3, method="umap")
    many = layers_of(big_updates(4, N), 12, method="umap")

    assert (few.method, many.method) == ("pca", "umap")
    assert (few.explained is None, many.explained is None) == (False, True)


def test_a_zoo_that_moved_nothing_has_no_map():
    found = layers_of(np.zeros((2, 12), np.float32), 3)

    assert found.spots == ()
    assert "Too few layers" in layer_map_takeaway(found)
