import numpy as np
import pytest

from analysis.model.places import places
from app.views.sign_conflicts.look import by_layer
from app.views.sign_conflicts.ties import Fates, fate_rows, fates_by_layer, fates_by_task, ties_takeaway
from tests.made_conflicts import N, independent, statistics_of, zoo_of
from tests.made_vectors import big_updates


def fates_of(taus, density=0.2):
    vectors = zoo_of(taus)
    return vectors, statistics_of(vectors), statistics_of(vectors, density)


def test_the_vote_names_the_tasks_that_lose_most_and_least():
    common = big_updates(1, N)
    taus = np.concatenate([common, 0.9 * common, -0.5 * common])
    vectors, untrimmed, trimmed = fates_of(taus)

    found = fates_by_task(vectors.tasks, untrimmed.total, trimmed.total)
    text = ties_takeaway(found, 0.2)

    assert found.shares[:, 2] == pytest.approx([0, 0, 1 - found.shares[2, 1]])
    assert "The vote costs 'task2' most (" in text
    assert "'task0' least (0\xa0%)" in text
    assert fate_rows(found, "task")[2]["outvoted"] == found.shares[2, 2]


def test_a_row_of_hardly_any_mass_is_not_named():
    found = Fates(
        ("a", "b", "c"),
        ("a", "b", "c"),
        np.array([1.0, 1.0, 0.001]),
        np.array([[0.6, 0.2, 0.2], [0.5, 0.2, 0.3], [0, 0, 1]]),
    )

    assert ties_takeaway(found, 0.2).endswith("The vote costs b most (30\xa0%) and a least (20\xa0%).")


def test_a_vote_that_costs_all_alike_names_nobody():
    vectors, untrimmed, trimmed = fates_of(np.abs(independent(3)))

    text = ties_takeaway(fates_by_task(vectors.tasks, untrimmed.total, trimmed.total), 0.2)

    assert text.endswith("out-vote 0\xa0%. The vote costs all about the same.")


def test_layers_of_one_task_and_of_all_add_up_to_the_same_mass():
    vectors, untrimmed, trimmed = fates_of(independent(3))
    shown, sums = by_layer(untrimmed, places(vectors.layout), None)
    _, cut = by_layer(trimmed, shown, None)
    of_tasks = fates_by_task(vectors.tasks, untrimmed.total, trimmed.total)

    all_tasks = fates_by_layer(shown, sums, cut, task=None)
    of_one = fates_by_layer(shown, sums, cut, task=1)

    assert all_tasks.total == pytest.approx(of_tasks.total)
    assert of_one.total == pytest.approx(of_tasks.shares[1])
    assert "of the update of 'task1'" in ties_takeaway(of_one, 0.2, task="task1")
    assert all_tasks.names == ("0", "1", "2")
    assert all_tasks.spoken[0] == "block 0"


def test_weights_that_no_task_changes_have_no_fate():
    vectors, untrimmed, trimmed = fates_of(np.zeros((2, N)))

    found = fates_by_task(vectors.tasks, untrimmed.total, trimmed.total)

    assert ties_takeaway(found, 0.2) == "No task changes these weights."
    assert fate_rows(found, "task")[0]["kept"] is None
