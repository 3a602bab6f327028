import numpy as np
import pytest

from analysis.model.places import places
from analysis.weights.sign_conflict import sum_to_mass
from app.views.sign_conflicts.graded import graded_chart_rows, graded_takeaway
from app.views.sign_conflicts.look import by_layer
from tests.made_conflicts import N, independent, opposed, shared, statistics_of, zoo_of


def graded_of(taus):
    vectors = zoo_of(taus)
    found, null = statistics_of(vectors, 0.2), statistics_of(vectors, 0.2, sign_seed=0)
    shown, sums = by_layer(found, places(vectors.layout), None)
    rate = sum_to_mass(sums, by_layer(null, shown, None)[1])
    return rate, graded_takeaway(rate, shown, sum_to_mass(found.total, null.total).at(0))


@pytest.mark.parametrize(
    ("taus", "verdict"),
    [
        (independent(), "no clear difference from chance."),
        (shared(), "they cancel less than chance"),
        (opposed(), "they cancel more than chance"),
    ],
)
def test_what_the_sum_leaves_is_compared_with_random_signs(taus, verdict):
    _, text = graded_of(taus)

    assert verdict in text
    assert ("Furthest from chance: block" in text) is ("no clear difference" not in verdict)


@pytest.mark.parametrize(("taus", "side"), [(independent(), 0), (shared(), -1), (opposed(), 1)])
def test_layers_that_cancel_more_than_chance_are_worse(taus, side):
    rate, _ = graded_of(taus)

    rows = graded_chart_rows(["0", "1", "2"], rate)

    assert [row.value for row in rows] == pytest.approx(rate.observed)
    assert all(0 <= row.low <= row.high <= 1 for row in rows)
    assert {row.side for row in rows} == {side}


def test_weights_that_no_task_changes_leave_nothing_to_add():
    assert graded_of(np.zeros((2, N)))[1] == "No task changes these weights."
