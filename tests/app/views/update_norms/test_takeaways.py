import math

import numpy as np
import pytest

from analysis.model.places import Place
from analysis.weights.norms import Measure
from app.views.update_norms.norms import NormTable
from app.views.update_norms.takeaways import components_takeaway, norms_takeaway


def blocks(n, tower="visual"):
    return [Place(tower, layer, str(layer)) for layer in range(n)]


def table(values, *, rows=None, columns=None, measure=Measure.RELATIVE, by_row=None, by_column=None):
    values = np.array(values, dtype=np.float64)
    n_rows, n_columns = values.shape
    return NormTable(
        rows=tuple(rows or blocks(n_rows)),
        kind="task",
        columns=tuple(columns or [f"t{column}" for column in range(n_columns)]),
        values=values,
        by_row=np.sqrt((values**2).mean(axis=1)) if by_row is None else np.array(by_row),
        by_column=np.sqrt((values**2).mean(axis=0)) if by_column is None else np.array(by_column),
        n=(4,) * n_rows,
        is_there=np.ones(values.shape, dtype=bool),
        measure=measure,
    )


def said(values, **others):
    return norms_takeaway(table(values, **others)).replace("\xa0", " ")


GROWING = [[0.01 + 0.002 * layer, 0.012 + 0.002 * layer] for layer in range(12)]
FLAT = [[0.04 + 0.001 * (layer % 2), 0.02] for layer in range(12)]


def test_updates_that_grow_with_depth_in_all_tasks_are_said_to():
    text = said(GROWING)

    assert text.startswith(
        "Updates grow with depth in 2 of 2 tasks: block 11 moves 3.3 % of its base norm, block 0 moves 1.1 %."
    )


def test_updates_that_shrink_with_depth_are_said_to():
    assert said(GROWING[::-1]).startswith(
        "Updates shrink with depth in 2 of 2 tasks: block 11 moves 1.1 % of its base norm, "
        "block 0 moves 3.3 %."
    )


@pytest.mark.parametrize(
    "values",
    [
        FLAT,
        [[0.0100 + 0.0001 * layer] * 2 for layer in range(12)],  # by a tenth only
        [[0.01, 0.01]] * 11 + [[0.04, 0.04]],  # a jump at the end, not a growth
        GROWING[:5],  # too few blocks to compare their thirds
    ],
    ids=["flat", "little", "jump", "few"],
)
def test_updates_that_do_not_grow_with_depth_are_not_said_to(values):
    assert "with depth" not in said(values)


def test_jump_at_the_end_stands_out_instead():
    assert said([[0.01, 0.01]] * 11 + [[0.04, 0.04]]).startswith("Block 11 stands out: it moves 4.0 %")


def test_growth_of_half_the_tasks_is_no_growth():
    values = [[0.01 + 0.01 * layer, 0.02 - 0.001 * layer] for layer in range(12)]

    assert "with depth" not in said(values)


def test_frozen_first_blocks_are_growth_from_nothing():
    values = [[0.0, 0.0]] * 6 + [[0.01 * (k + 1)] * 2 for k in range(6)]

    assert said(values).startswith(
        "Updates grow with depth in 2 of 2 tasks: block 11 moves 6.0 % of its base"
    )


def test_layer_that_moves_twice_as_far_as_the_middle_block_stands_out():
    values = [*FLAT[:5], [0.10, 0.09], *FLAT[6:]]

    assert said(values).startswith(
        "Block 5 stands out: it moves 9.5 % of its base norm, the middle block 3.2 %."
    )


def test_layer_outside_the_blocks_can_stand_out():
    rows = [Place("visual", None, "stem"), *blocks(12)]

    assert said([[0.2, 0.2], *FLAT], rows=rows).startswith("Stem stands out: it moves 20 %")


def test_norms_outside_the_blocks_do_not_stand_out_by_moving_little():
    rows = [Place("visual", None, "ln_pre"), *blocks(12)]

    assert said([[0.001, 0.001], *FLAT], rows=rows).startswith(
        "No block stands out: they move 3.2 % to 3.2 % of their base norm."
    )


def test_block_that_moves_half_as_far_as_the_middle_one_stands_out():
    values = [*FLAT[:5], [0.001, 0.001], *FLAT[6:]]

    assert said(values).startswith("Block 5 stands out: it moves only 0.10 % of its base norm")


def test_nothing_stands_out_of_even_updates():
    assert said([[0.03, 0.03], [0.05, 0.05]] * 5).startswith(
        "No block stands out: they move 3.0 % to 5.0 % of their base norm."
    )


def test_without_blocks_layers_are_compared():
    rows = [Place("model", None, name) for name in ("stem", "ln_post", "proj")]

    assert said([[0.03], [0.04], [0.05]], rows=rows) == (
        "No layer stands out: they move 3.0 % to 5.0 % of their base norm."
    )


def test_single_layer_is_told_alone():
    assert said([[0.03]]) == "These weights move 3.0 % of their base norm."


def test_layers_without_a_norm_are_passed_over():
    rows = [Place("visual", None, "stem"), *blocks(12)]

    text = said([[math.nan, math.nan], *FLAT], rows=rows)

    assert text.startswith("No block stands out")
    assert "in every layer" in text


def test_updates_of_nobody_are_said_to_be_none():
    assert said([[0.0, 0.0], [0.0, 0.0]]) == "No task moved these weights."
    assert said([[math.nan, math.nan]]) == "No task moved these weights."


def test_task_that_moves_furthest_everywhere_leads():
    assert said(FLAT).endswith("t0 moves furthest in every layer.")


def test_task_that_moves_furthest_in_most_layers_leads_there():
    values = [*FLAT[:9], *[row[::-1] for row in FLAT[9:]]]

    assert said(values).endswith("t0 moves furthest in 9 of 12 layers.")


def test_no_task_leads_where_the_lead_changes():
    values = [*FLAT[:6], *[row[::-1] for row in FLAT[6:]]]

    assert "moves furthest" not in said(values)


def test_tasks_that_move_equally_far_share_no_lead():
    assert "moves furthest" not in said([[0.04, 0.04, 0.02]] * 3)


def test_single_task_leads_nobody():
    assert "furthest" not in said([[0.01], [0.02]])


def test_depth_is_told_of_the_tower_with_most_blocks():
    values = [[0.05, 0.05]] * 3 + GROWING
    rows = [*blocks(3, "text"), *blocks(12)]

    assert said(values, rows=rows).startswith("Updates grow with depth in the visual tower in 2 of 2 tasks")


def test_layer_that_stands_out_is_told_with_its_tower():
    values = [[0.05, 0.05]] * 2 + [[0.2, 0.2]] + [[0.05, 0.05]] * 2
    rows = [*blocks(3, "text"), *blocks(2)]

    assert said(values, rows=rows).startswith("Text block 2 stands out")


@pytest.mark.parametrize(
    ("measure", "words"),
    [(Measure.RMS, "0.01 to 0.02 a weight"), (Measure.ABSOLUTE, "0.01 to 0.02 in all")],
)
def test_other_measures_are_told_in_their_own_unit(measure, words):
    text = said([[0.01], [0.02]], measure=measure)

    assert text == f"No block stands out: they move {words}."


def test_row_normalised_map_tells_who_leads_and_by_how_much():
    values = [[0.5, -0.5]] * 4

    text = said(values, measure=Measure.ROW, by_row=[0.1] * 4, by_column=[0.5, -0.5])

    assert text == "t0 moves furthest in every layer: over all of them 50 % above the tasks' mean."


def test_row_normalised_map_without_a_leader_says_so():
    values = [[0.5, -0.5]] * 2 + [[-0.5, 0.5]] * 2

    text = said(values, measure=Measure.ROW, by_row=[0.1] * 4)

    assert text == "No task moves furthest everywhere: t0 does in 2 of 4 layers, t1 in 2."


def test_row_normalised_map_of_equal_tasks_says_so():
    text = said([[0.0, 0.0]] * 3, measure=Measure.ROW, by_row=[0.1] * 3)

    assert text == "All tasks move each layer alike."


def of_components(by_column, task=None, measure=Measure.RELATIVE):
    made = table([by_column], columns=["attn_q", "mlp_in", "norm"], measure=measure, by_column=by_column)
    return components_takeaway(made, task).replace("\xa0", " ")


def test_component_that_moves_furthest_is_named_with_the_one_that_moves_least():
    assert of_components([0.06, 0.09, 0.003]) == (
        "For the average task MLP in moves furthest, 9.0 % of its base norm; norms least, 0.30 %."
    )


def test_even_components_do_not_stand_out():
    assert of_components([0.06, 0.07, 0.065], "digits") == (
        "No component stands out for digits: 6.0 % to 7.0 % of its base norm."
    )


def test_component_without_a_norm_is_passed_over():
    assert "norms" not in of_components([0.06, 0.09, math.nan])


def test_components_nobody_moved_are_said_to_be_none():
    assert of_components([0.0, 0.0, 0.0], "digits") == "Nothing here was moved by digits."


def test_components_against_the_other_tasks_are_told_with_their_side():
    assert of_components([0.5, 0.1, -0.2], "digits", Measure.ROW) == (
        "Against the other tasks digits moves attention q most, 50 % above the tasks' mean, and norms "
        "least, 20 % below the tasks' mean."
    )
