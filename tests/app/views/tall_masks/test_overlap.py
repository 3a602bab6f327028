import itertools

import numpy as np
import pytest

from analysis.masks.multi_task_vector import MaskInputs
from analysis.masks.tall import tall_counts
from analysis.weights.sign_conflict import Rate
from app.views.tall_masks.overlap import (
    Overlap,
    overlap,
    overlap_cells,
    overlap_hovers,
    overlap_rows,
    overlap_takeaway,
)
from app.views.tall_masks.shown import part
from tests.made_vectors import big_updates, one_block, task_vectors_of, whole
from tests.planted_masks import CHANGED, TASKS, keepers, planted_counts


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def sums():
    return part(planted_counts(), None, None)


def test_overlap_is_intersection_over_union(sums):
    found = overlap(sums, [], TASKS)

    for i, j in itertools.combinations(range(4), 2):
        both = sum({TASKS[i], TASKS[j]} <= keepers(row) for row in CHANGED)
        either = sum(bool({TASKS[i], TASKS[j]} & keepers(row)) for row in CHANGED)
        assert found.measured[i, j] == found.measured[j, i] == both / either


def test_independent_masks_meet_as_often_as_their_densities_say(sums):
    found = overlap(sums, [], TASKS)

    a, b = 12 / 21, 10 / 21
    assert found.independent[0, 1] == pytest.approx(a * b / (a + b - a * b))


def test_overlap_sentence_gives_both_nulls(sums):
    nulls = [part(planted_counts(sign_seed=0), None, None)]

    alone, beside = overlap_takeaway(overlap(sums, [], TASKS)), overlap_takeaway(overlap(sums, nulls, TASKS))

    assert plain(alone) == (
        "The masks of 'c' and 'd' overlap most: 86 %, against 18 % for independent masks of the same "
        "densities."
    )
    assert plain(beside).startswith("No pair of masks overlaps clearly")  # 21 weights are few


def takeaway_of(taus):
    vectors = task_vectors_of(taus, one_block(taus.shape[1]))
    sums = [
        tall_counts(MaskInputs(vectors, whole(vectors), sign_seed=seed), [0.4] * len(taus)).total
        for seed in (None, 0, 1, 2)
    ]
    return plain(overlap_takeaway(overlap(sums[0], sums[1:], vectors.tasks)))


def test_masks_of_independent_tasks_overlap_as_with_random_signs():
    takeaway = takeaway_of(big_updates(4, 6000))

    assert takeaway == "No pair of masks overlaps clearly more or less than with random signs."


def test_masks_of_tasks_with_opposite_updates_overlap_beyond_random_signs():
    taus = big_updates(4, 6000)
    taus[1] = -taus[0]  # they cancel, so both masks keep what is large beside the other two

    takeaway = takeaway_of(taus)

    assert "pairs of masks overlap clearly more or less than with random signs; 'task0' and" in takeaway
    assert "; 'task0' and 'task1' differ most: " in takeaway


def test_masks_that_keep_nothing_have_no_overlap():
    found = overlap(part(planted_counts(), "visual:1", "mlp_in"), [], TASKS)

    assert np.isnan(found.measured).all()
    assert overlap_takeaway(found) == "There are no two masks to compare."
    assert overlap_rows(found)[0]["overlap"] is None


def test_table_has_a_row_per_pair(sums):
    rows = overlap_rows(overlap(sums, [], TASKS))

    assert [(row["task_a"], row["task_b"]) for row in rows] == list(itertools.combinations(TASKS, 2))


def test_one_pair_that_stands_out_is_in_the_singular():
    measured = np.array([[1.0, 0.9, 0.3], [0.9, 1.0, 0.3], [0.3, 0.3, 1.0]])
    alike = np.full((3, 3), 0.3)

    rate = Rate(np.full((3, 3), 100.0), measured, alike, np.full((3, 3), 0.01))
    takeaway = overlap_takeaway(Overlap(("a", "b", "c"), measured, alike, rate))

    assert plain(takeaway) == (
        "1 of 3 pairs of masks overlaps clearly more or less than with random signs; 'a' and 'b' differ "
        "most: 90 %, against 30 % with random signs and 30 % for independent masks of the same densities."
    )


def test_cells_hold_the_masks_below_the_diagonal_and_independent_ones_above(sums):
    found = overlap(sums, [], TASKS)

    cells = overlap_cells(found)

    for a, b in itertools.combinations(range(4), 2):
        assert cells[b][a] == found.measured[a, b]
        assert cells[a][b] == found.independent[a, b]
    assert [cells[a][a] for a in range(4)] == [None] * 4


def test_hover_gives_random_signs_once_they_are_there(sums):
    nulls = [part(planted_counts(sign_seed=0), None, None)]

    alone, beside = overlap_hovers(overlap(sums, [], TASKS)), overlap_hovers(overlap(sums, nulls, TASKS))

    text = "'c' and 'd': 85.7 %\nindependent masks: 18.2 %"
    assert plain(alone[2][3]) == text
    assert plain(beside[2][3]).startswith(f"{text}\nrandom signs: ")
    assert alone[1][1] == ""
