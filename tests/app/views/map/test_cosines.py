import numpy as np
import pytest

from analysis.weights.statistics import statistics
from app.views.map.cosines import (
    cosine_hovers,
    cosine_rows,
    cosine_texts,
    cosine_values,
    cosines_takeaway,
    largest_cosine,
)
from app.views.map.tasks import task_map
from tests.made_vectors import big_updates, one_block, task_vectors_of, whole

N = 6000


def tasks_of(taus):
    vectors = task_vectors_of(taus, one_block(taus.shape[1]))
    return task_map(vectors.tasks, statistics(vectors, whole(vectors)).total)


def test_cosines_are_those_of_the_updates():
    taus = big_updates(3, N)

    found = tasks_of(taus)

    lengths = np.linalg.norm(taus.astype(float), axis=1)
    assert found.cosines == pytest.approx((taus @ taus.T) / np.outer(lengths, lengths), abs=1e-6)


def test_cosines_no_larger_than_chance_name_no_pair():
    updates = np.random.default_rng(0).choice([-1.0, 1.0], size=(2, 10_000)).astype(np.float32)

    assert cosines_takeaway(tasks_of(updates)) == (
        "No two tasks clearly point in similar or in opposite directions: with random signs, the cosines of "
        "10\xa0000 weights would lie within ±0.02 too."
    )
    updates[1, :2000] = updates[0, :2000]
    assert "'task0' and 'task1' have a cosine of 0.2" in cosines_takeaway(tasks_of(updates))


def test_independent_updates_are_called_alike_in_few_zoos_however_their_sizes_differ():
    alike = 0
    for seed in range(40):
        taus = big_updates(8, N, seed=seed)
        taus[:, : N // 20] *= 10  # a few weights carry most of every update
        alike += not cosines_takeaway(tasks_of(taus)).startswith("No two tasks clearly")

    assert alike <= 5  # 2 on average at 95 %


def test_cosines_takeaway_names_the_two_that_are_most_alike():
    alone, opposed = np.eye(3, dtype=np.float32)[:1], np.array([[1, 0, 0], [-1, 0, 0]], np.float32)
    three = np.array([[1, 0, 0], [0, 1, 0], [0, 3, 4]], np.float32)
    opposed, three = np.tile(opposed, 100), np.tile(three, 100)

    assert cosines_takeaway(tasks_of(alone)).startswith("One task alone")
    assert "a cosine of −1.00;" in cosines_takeaway(tasks_of(opposed))
    assert cosines_takeaway(tasks_of(three)).startswith(
        "'task1' and 'task2' are most alike, with a cosine of 0.60; the mean over all pairs is 0.20, and "
        "with random signs all would lie within ±"
    )


def test_cells_show_every_cosine_but_those_of_a_task_with_itself():
    found = tasks_of(np.tile(np.array([[1, 0, 0], [0, 1, 0], [0, -3, 4]], np.float32), 100))

    assert [row[row_number] for row_number, row in enumerate(cosine_values(found))] == [None] * 3
    assert cosine_texts(found)[2] == ["0.00", "−0.60", ""]
    assert cosine_hovers(found)[2] == ["task2 and task0: cosine 0.000", "task2 and task1: cosine −0.600", ""]
    assert largest_cosine(found) == pytest.approx(0.6)
    assert [row["cosine"] for row in cosine_rows(found)] == pytest.approx([0.0, 0.0, -0.6], abs=1e-6)


def test_cosines_near_zero_are_pale():
    assert largest_cosine(tasks_of(np.eye(1, N, dtype=np.float32))) == 0.1
    assert largest_cosine(tasks_of(np.zeros((2, N), np.float32))) == 0.1
    assert largest_cosine(tasks_of(np.ones((2, N), np.float32))) == pytest.approx(1.0)
