from dataclasses import replace

import numpy as np
import pytest

from analysis.weights.statistics import statistics
from app.views.map.tasks import (
    axes_stand_out,
    in_umap,
    task_map,
    task_map_note,
    task_map_rows,
    task_map_takeaway,
    task_map_within,
)
from tests.made_vectors import big_updates, one_block, task_vectors_of, whole

N = 6000


def tasks_of(taus):
    vectors = task_vectors_of(taus, one_block(taus.shape[1]))
    return task_map(vectors.tasks, statistics(vectors, whole(vectors)).total)


def test_independent_tasks_show_no_more_than_chance_and_the_sentence_states_it():
    found = tasks_of(big_updates(8, N))

    assert sum(found.explained) == pytest.approx(found.explained_by_chance, abs=0.05)
    assert "do not read groups" in task_map_takeaway(found)


def test_two_families_of_tasks_are_seen_and_the_sentence_states_it():
    shared = big_updates(2, N, seed=1)
    taus = np.concatenate(
        [shared[:1] + 0.3 * big_updates(4, N), shared[1:] + 0.3 * big_updates(4, N, seed=2)]
    )

    found = tasks_of(taus)

    assert np.sign(found.points[:4, 0]).tolist() == [np.sign(found.points[0, 0])] * 4
    assert np.sign(found.points[4:, 0]).tolist() == [-np.sign(found.points[0, 0])] * 4
    assert ", more than by chance (30\xa0% with random signs, at most 31\xa0%)." in task_map_takeaway(found)


def test_two_tight_pairs_among_four_tasks_are_seen():
    pairs = np.repeat(big_updates(2, N, seed=1), 2, axis=0)

    found = tasks_of(pairs + 0.03 * big_updates(4, N))

    assert axes_stand_out(found)
    assert "99.96\xa0%" in task_map_takeaway(found)


@pytest.mark.parametrize("n", [60, 200, N])
@pytest.mark.parametrize("n_tasks", [4, 8])
@pytest.mark.parametrize("tail", [1, 3])
def test_independent_tasks_of_any_size_and_tail_seldom_stand_out(n, n_tasks, tail):
    called = [
        axes_stand_out(
            tasks_of(np.random.default_rng(seed).normal(size=(n_tasks, n)).astype(np.float32) ** tail)
        )
        for seed in range(40)
    ]

    assert sum(called) <= 1  # promised 1 of 1000; by 1.5 times 2 / (T - 1), up to 20 of 40


def test_updates_of_a_few_weights_are_no_groups_whatever_they_show():
    taus = np.random.default_rng(0).normal(size=(4, 300)).astype(np.float32)
    taus[:, :3] *= 100

    found = tasks_of(taus)

    assert found.n_independent < 10
    assert "chance can give as much" in task_map_takeaway(found)


def test_updates_that_never_meet_explain_what_chance_does():
    taus = np.zeros((4, 40), np.float32)
    for task in range(4):
        taus[task, 10 * task : 10 * task + 10] = 1.0

    found = tasks_of(taus)

    assert found.n_independent == np.inf
    assert "no more than by chance (67\xa0% with random signs, at most 67\xa0%)" in task_map_takeaway(found)


@pytest.mark.parametrize("n_tasks", [1, 2, 3])
def test_few_tasks_are_no_picture_of_groups(n_tasks):
    assert "always fit on a plane" in task_map_takeaway(tasks_of(big_updates(n_tasks, N)))


def test_umap_of_many_tasks_keeps_families_together_and_states_how_much_it_keeps():
    shared = np.repeat(big_updates(2, N, seed=1), 15, axis=0)

    found = in_umap(tasks_of(shared + 0.3 * big_updates(30, N)))

    nearest = [np.argsort(((found.points - point) ** 2).sum(axis=1))[1] for point in found.points]
    assert [int(other) // 15 for other in nearest] == [task // 15 for task in range(30)]
    assert found.explained is None
    assert task_map_takeaway(found).endswith("random positions would keep 17\xa0%.")
    assert f"UMAP keeps {100 * found.kept:.0f}\xa0% of each task's" in task_map_takeaway(found)


def test_a_task_that_changed_nothing_stands_at_no_angle():
    found = tasks_of(np.concatenate([big_updates(2, N), np.zeros((1, N), np.float32)]))

    assert found.cosines[2].tolist() == [0.0, 0.0, 0.0]
    assert [row["task"] for row in task_map_rows(found)] == ["task0", "task1", "task2"]


def test_few_tasks_are_warned_of_groups_and_umap_of_distances():
    few, many = tasks_of(big_updates(4, N)), tasks_of(big_updates(30, N))

    assert task_map_note(few).endswith("UMAP would invent groups among so few points.")
    assert task_map_note(many).endswith("have similar directions only as far as two axes can show.")
    assert "only which points are neighbours" in task_map_note(replace(many, explained=None))


def test_the_map_of_a_part_is_of_its_weights_alone():
    shapes = {f"visual.transformer.resblocks.{layer}.mlp.c_fc.weight": (N // 2,) for layer in range(2)}
    vectors = task_vectors_of(big_updates(3, N), shapes)
    found = statistics(vectors, whole(vectors))

    of_all = task_map_within(found, place=None, component=None)
    of_block = task_map_within(found, place="visual:1", component="mlp_in")

    assert (of_all.n, of_block.n) == (N, N // 2)
    first, second = vectors.deltas[:2, N // 2 :].numpy()
    assert of_block.cosines[0, 1] == pytest.approx(
        first @ second / np.linalg.norm(first) / np.linalg.norm(second), abs=1e-6
    )
    assert task_map_within(found, place="visual:1", component="attn_q").n == 0
