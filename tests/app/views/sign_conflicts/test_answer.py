import numpy as np
import pytest

from app.views.sign_conflicts.answer import conflict_takeaway
from app.views.sign_conflicts.look import part
from tests.made_conflicts import LAYERS, N, independent, look_at, opposed, shared, statistics_of, zoo_of
from tests.made_vectors import one_block, task_vectors_of


def takeaway_of(taus, density=0.2, where="", **others):
    vectors = zoo_of(taus)
    sums = part(statistics_of(vectors, None if density == 1 else density), None, None)
    return conflict_takeaway(look_at(vectors, density, **others), sums, where=where)


@pytest.mark.parametrize("is_weighted", [False, True])
def test_independent_random_vectors_read_no_more_conflict_than_chance(is_weighted):
    text = takeaway_of(independent(), is_weighted=is_weighted)

    assert text.endswith("about what chance gives.")
    assert ("weighed by magnitude" in text) is is_weighted


def test_few_weights_are_no_proof_of_chance():
    taus = np.array([[1.0] * 12, [1.0, 1.0, *[-1.0] * 10]], np.float32)
    vectors = task_vectors_of(taus, one_block(12))

    text = conflict_takeaway(look_at(vectors, 1.0), part(statistics_of(vectors), None, None))

    assert "83" in text
    assert text.endswith("no clear difference from chance.")


def test_independent_vectors_untrimmed_read_the_same_and_that_chance_saturates():
    text = takeaway_of(independent(), density=1)

    assert "about what chance gives" in text
    assert "99.2\xa0%" in text
    assert "at least two of them change" in text
    assert text.endswith("trim to see more.")


@pytest.mark.parametrize("is_weighted", [False, True])
def test_vectors_that_share_a_direction_read_less_than_chance(is_weighted):
    assert takeaway_of(shared(), is_weighted=is_weighted).endswith("they agree more than chance.")


@pytest.mark.parametrize("is_weighted", [False, True])
def test_opposed_vectors_read_more_than_chance(is_weighted):
    assert takeaway_of(opposed(), is_weighted=is_weighted).endswith("they conflict more than chance.")


def test_a_sentence_about_a_pair_in_a_part_names_both():
    text = takeaway_of(shared(), pair=("task1", "task3"), where="In block 2")

    assert text.startswith("In block 2, 'task1' and 'task3' conflict on ")
    assert "of the weights that both keep, where chance gives 50\xa0%" in text


def test_tasks_without_a_weight_in_common_cannot_conflict():
    taus = np.eye(2, LAYERS).repeat(N // LAYERS, axis=1)

    assert takeaway_of(taus, density=1) == (
        "No weight is changed by at least two tasks: nothing can conflict."
    )


def test_conflict_of_a_pair_weighed_by_magnitude_names_both_and_the_weighing():
    text = takeaway_of(opposed(), pair=("task0", "task1"), is_weighted=True)

    assert text.startswith("'task0' and 'task1' conflict on ")
    assert "of the weights that both keep, weighed by magnitude, where chance gives 50.0\xa0%" in text


def test_a_part_without_a_common_weight_is_named():
    taus = np.eye(2, LAYERS).repeat(N // LAYERS, axis=1)

    assert takeaway_of(taus, where="In block 2", pair=("task0", "task1")) == (
        "In block 2, no weight is kept by both tasks: nothing can conflict."
    )
