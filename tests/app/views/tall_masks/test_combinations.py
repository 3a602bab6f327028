import itertools

import numpy as np
import pytest

from analysis.masks.multi_task_vector import MaskInputs
from analysis.masks.tall import tall_counts
from app.views.tall_masks.combinations import (
    SHOWN,
    combination_rows,
    combinations,
    combinations_takeaway,
    overlap,
    overlap_rows,
    overlap_takeaway,
)
from app.views.tall_masks.counts import part
from tests.made_vectors import big_updates, one_block, task_vectors_of, whole
from tests.planted_masks import LAMBDA, PLANTED, TASKS, independent_counts, planted_counts


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def keepers(row):
    return {task for task, one in zip(TASKS, row, strict=True) if abs(one) > LAMBDA * abs(sum(row) - one)}


MOVED = [row for rows in PLANTED.values() for row in rows if any(row)]


@pytest.fixture(scope="module")
def sums():
    return part(planted_counts(), None, None)


def test_combinations_are_those_that_were_planted(sums):
    found = combinations(sums, [], TASKS)

    planted = {}
    for row in MOVED:
        who = tuple(task for task in TASKS if task in keepers(row))
        planted[who] = planted.get(who, 0) + 1
    assert {one.tasks: one.n for one in found.shown} == planted
    assert [one.n for one in found.shown] == sorted(planted.values(), reverse=True)
    assert found.rest == 0


def test_combinations_beyond_the_largest_are_added_up():
    counts = independent_counts(6)
    sums = part(counts, None, None)

    found = combinations(sums, [], counts.tasks)

    sizes = sorted(sums.patterns[0][sums.patterns[0] > 0].tolist(), reverse=True)
    assert [one.n for one in found.shown] == sizes[:SHOWN]
    assert found.rest == len(sizes) - SHOWN > 0
    assert found.rest_share == pytest.approx(sum(sizes[SHOWN:]) / 4000)
    assert f"the {SHOWN} shown hold" in combinations_takeaway(found)


def test_largest_combination_is_named_beside_random_signs(sums):
    nulls = [part(planted_counts(sign_seed=seed), None, None) for seed in range(3)]

    said = plain(combinations_takeaway(combinations(sums, nulls, TASKS)))

    assert said.startswith("The largest combination is no mask at all, 29 % of the weights (random signs: ")


@pytest.mark.parametrize(
    ("code", "who"), [(0b0010, "b alone"), (0b0101, "a, c together"), (0b1111, "all masks together")]
)
def test_combination_is_called_by_its_tasks(code, who):
    sums = part(planted_counts(), None, None)
    sums.patterns[0] = 0
    sums.patterns[0, code] = 10
    sums.untouched[0] = 0

    said = combinations_takeaway(combinations(sums, [], TASKS))

    assert said == f"The largest combination is {who}, 100\N{NO-BREAK SPACE}% of the weights."


def test_part_nobody_moved_has_no_combination():
    found = combinations(part(planted_counts(), "visual:1", "mlp_in"), [], TASKS)

    assert combinations_takeaway(found) == "No task moved these weights."
    assert combination_rows(found) == []


def test_overlap_is_intersection_over_union(sums):
    found = overlap(sums, [], TASKS)

    for i, j in itertools.combinations(range(4), 2):
        both = sum({TASKS[i], TASKS[j]} <= keepers(row) for row in MOVED)
        either = sum(bool({TASKS[i], TASKS[j]} & keepers(row)) for row in MOVED)
        assert found.measured[i, j] == found.measured[j, i] == both / either


def test_independent_masks_meet_as_often_as_their_densities_say(sums):
    found = overlap(sums, [], TASKS)

    a, b = 12 / 21, 10 / 21
    assert found.independent[0, 1] == pytest.approx(a * b / (a + b - a * b))


def test_overlap_sentence_gives_both_nulls(sums):
    nulls = [part(planted_counts(sign_seed=0), None, None)]

    alone, beside = overlap_takeaway(overlap(sums, [], TASKS)), overlap_takeaway(overlap(sums, nulls, TASKS))

    assert plain(alone) == ("c and d overlap most, 86 %; independent masks of their densities would by 18 %.")
    assert plain(beside).startswith("No two masks clearly overlap")  # 21 weights tell little


def overlap_said(taus):
    vectors = task_vectors_of(taus, one_block(taus.shape[1]))
    sums = [
        tall_counts(MaskInputs(vectors, whole(vectors), sign_seed=seed), [0.4] * len(taus)).total
        for seed in (None, 0, 1, 2)
    ]
    return plain(overlap_takeaway(overlap(sums[0], sums[1:], vectors.tasks)))


def test_masks_of_independent_tasks_overlap_as_with_random_signs():
    said = overlap_said(big_updates(4, 6000))

    assert said == "No two masks clearly overlap more, or less, than these magnitudes do with random signs."


def test_masks_of_tasks_that_move_oppositely_overlap_beyond_random_signs():
    taus = big_updates(4, 6000)
    taus[1] = -taus[0]  # they cancel, so both masks keep what is large beside the other two

    said = overlap_said(taus)

    assert (
        "pairs of masks overlap clearly more or less than with random signs, furthest task0 and task1" in said
    )


def test_masks_that_keep_nothing_have_no_overlap():
    found = overlap(part(planted_counts(), "visual:1", "mlp_in"), [], TASKS)

    assert np.isnan(found.measured).all()
    assert overlap_takeaway(found) == "There are no two masks to compare."
    assert overlap_rows(found)[0]["overlap"] is None


def test_table_has_a_row_a_pair(sums):
    rows = overlap_rows(overlap(sums, [], TASKS))

    assert [(row["task_a"], row["task_b"]) for row in rows] == list(itertools.combinations(TASKS, 2))
