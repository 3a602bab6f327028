import pytest

from analysis.masks.counts import MOST_PATTERNS
from app.views.tall_masks.combinations import (
    SHOWN,
    Combinations,
    combination_rows,
    combinations,
    combinations_takeaway,
    refusal,
    rest_note,
)
from app.views.tall_masks.shown import part
from tests.planted_masks import CHANGED, TASKS, independent_counts, keepers, planted_counts


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture(scope="module")
def sums():
    return part(planted_counts(), None, None)


def test_combinations_are_those_that_were_planted(sums):
    found = combinations(sums, [], TASKS)

    planted = {}
    for row in CHANGED:
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
    assert f"; the {SHOWN} combinations shown hold" in combinations_takeaway(found)


def test_largest_combination_is_named_beside_random_signs(sums):
    nulls = [part(planted_counts(sign_seed=seed), None, None) for seed in range(3)]

    takeaway = plain(combinations_takeaway(combinations(sums, nulls, TASKS)))

    assert takeaway.startswith(
        "The most frequent combination is no mask at all: 29 % of the changed weights (random signs: "
    )


@pytest.mark.parametrize(
    ("code", "who"),
    [
        (0b0010, "'b' alone"),
        (0b0101, "'a' and 'c' together"),
        (0b1101, "'a', 'c' and 'd' together"),
        (0b1111, "all masks together"),
    ],
)
def test_combination_is_called_by_its_tasks(code, who):
    sums = part(planted_counts(), None, None)
    sums.patterns[0] = 0
    sums.patterns[0, code] = 10
    sums.untouched[0] = 0

    takeaway = plain(combinations_takeaway(combinations(sums, [], TASKS)))

    assert takeaway == f"The most frequent combination is {who}: 100 % of the changed weights."


def test_part_that_no_task_changed_has_no_combination():
    found = combinations(part(planted_counts(), "visual:1", "mlp_in"), [], TASKS)

    assert combinations_takeaway(found) == "No task changed these weights."
    assert combination_rows(found) == []


def test_hover_names_the_masks_and_random_signs(sums):
    nulls = [part(planted_counts(sign_seed=seed), None, None) for seed in range(3)]

    without, beside = combinations(sums, [], TASKS), combinations(sums, nulls, TASKS)

    assert plain(without.shown[0].hover) == "no mask: 29 %"
    assert plain(beside.shown[0].hover).startswith("no mask: 29 %\nrandom signs: ")
    assert {one.hover.partition(":")[0] for one in without.shown} == {
        " + ".join(one.tasks) or "no mask" for one in without.shown
    }


@pytest.mark.parametrize(
    ("rest", "expected"),
    [
        (0, ""),
        (1, "1 further combination holds 12 %."),
        (1200, "1 200 further combinations hold 12 %."),
    ],
)
def test_combinations_that_are_not_drawn_are_counted_below_the_chart(rest, expected):
    assert plain(rest_note(Combinations((), rest, 0.12, ()))) == expected


def test_too_many_tasks_are_refused_with_their_number():
    assert refusal(MOST_PATTERNS) is None
    assert f"this zoo has {MOST_PATTERNS + 1} tasks" in refusal(MOST_PATTERNS + 1)
