import numpy as np
import pytest

from app.views.sign_conflicts.beside_chance import rate_rows
from app.views.sign_conflicts.excess import excess_axis, excess_chart_rows, excess_takeaway
from tests.made_conflicts import (
    LAYERS,
    N,
    independent,
    layers_of,
    look_at,
    one_layer_apart,
    opposed,
    shared,
    zoo_of,
)


def test_layers_beyond_chance_are_counted_and_the_furthest_is_named():
    look, shown, sums = layers_of(one_layer_apart())

    text = excess_takeaway(look, shown, look.rate(sums))

    assert text == (
        "The tasks conflict more than chance in 1 of 3 layers, by most in block 1 "
        "(100.0\xa0%, chance 50.0\xa0%)."
    )
    assert rate_rows(shown, look.rate(sums))[1]["observed"] == 1.0


def test_no_layer_of_independent_tasks_is_beyond_chance():
    look, shown, sums = layers_of(independent())

    assert excess_takeaway(look, shown, look.rate(sums)) == (
        "In no layer do the tasks conflict clearly more or less than chance."
    )


def test_layers_beyond_chance_on_both_sides_are_named_apart():
    taus = one_layer_apart()
    taus[1, : N // LAYERS] = taus[0, : N // LAYERS]
    look, shown, sums = layers_of(taus)

    assert excess_takeaway(look, shown, look.rate(sums)) == (
        "The tasks conflict less than chance in 1 of 3 layers, by most in block 0 (0.0\xa0%, chance "
        "50.0\xa0%), and more than chance in 1 of 3 layers, by most in block 1 (100.0\xa0%, chance "
        "50.0\xa0%)."
    )


def test_layers_without_a_weight_in_common_have_no_conflict_to_compare():
    look, shown, sums = layers_of(np.eye(2, LAYERS).repeat(N // LAYERS, axis=1), density=None)

    assert excess_takeaway(look, shown, look.rate(sums)) == (
        "No layer has a weight that at least two tasks keep."
    )
    assert {row.value for row in excess_chart_rows(["0", "1", "2"], look.rate(sums))} == {None}


@pytest.mark.parametrize(("taus", "side"), [(opposed(), 1), (shared(2), -1), (independent(2), 0)])
def test_rows_show_points_above_chance_inside_or_outside_its_interval(taus, side):
    look, _, sums = layers_of(taus)
    rate = look.rate(sums)

    rows = excess_chart_rows(["0", "1", "2"], rate)

    assert [row.value for row in rows] == pytest.approx(100 * (rate.observed - rate.chance))
    assert [row.high for row in rows] == pytest.approx(196 * rate.sd)
    assert {row.side for row in rows} == {side}
    assert f"difference: {'−' if side < 0 else ''}" in rows[0].hover


def test_the_axis_names_the_weights_that_are_compared():
    tasks = zoo_of(independent(2))

    assert excess_axis(look_at(tasks)) == "points above chance, of the weights that at least two tasks keep"
    assert excess_axis(look_at(tasks, 1, pair=("task0", "task1"))).endswith("that both tasks change")
    assert excess_axis(look_at(tasks, is_weighted=True)) == "points above chance, of |τᵢ||τⱼ|"


def test_one_layer_alone_is_not_counted_among_layers():
    look, shown, sums = layers_of(independent(2), pair=("task0", "task1"))
    rate = look.rate(sums).at(slice(0, 1))

    assert excess_takeaway(look, shown[:1], rate) == (
        "Here 'task0' and 'task1' do not conflict clearly more or less than chance."
    )
