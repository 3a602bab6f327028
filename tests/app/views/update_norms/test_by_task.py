import math

import numpy as np
import pytest

from analysis.model.places import Place
from analysis.weights.norms import Measure
from app.views.update_norms.by_task import by_task_takeaway
from app.views.update_norms.norm_table import NormTable


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


def text_of(values, **others):
    return by_task_takeaway(table(values, **others)).replace("\xa0", " ")


GROWING = [[0.01 + 0.002 * layer, 0.012 + 0.002 * layer] for layer in range(12)]
FLAT = [[0.04 + 0.001 * (layer % 2), 0.02] for layer in range(12)]


def test_updates_that_grow_with_depth_in_all_tasks_are_reported():
    text = text_of(GROWING)

    assert text.startswith(
        "Updates grow with depth in 2 of 2 tasks: block 11 changes by 3.3 % of its base norm, "
        "block 0 by 1.1 %."
    )


def test_updates_that_shrink_with_depth_are_reported():
    assert text_of(GROWING[::-1]).startswith(
        "Updates shrink with depth in 2 of 2 tasks: block 11 changes by 1.1 % of its base norm, "
        "block 0 by 3.3 %."
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
def test_updates_that_do_not_grow_with_depth_are_not_reported_to(values):
    assert "with depth" not in text_of(values)


def test_jump_at_the_end_stands_out_instead():
    assert text_of([[0.01, 0.01]] * 11 + [[0.04, 0.04]]).startswith(
        "The block that stands out most is block 11: it changes by 4.0 %"
    )


def test_growth_of_half_the_tasks_is_no_growth():
    values = [[0.01 + 0.01 * layer, 0.02 - 0.001 * layer] for layer in range(12)]

    assert "with depth" not in text_of(values)


def test_frozen_first_blocks_are_growth_from_nothing():
    values = [[0.0, 0.0]] * 6 + [[0.01 * (k + 1)] * 2 for k in range(6)]

    assert text_of(values).startswith(
        "Updates grow with depth in 2 of 2 tasks: block 11 changes by 6.0 % of its base"
    )


def test_layer_that_changes_twice_as_much_as_the_median_block_stands_out():
    values = [*FLAT[:5], [0.10, 0.09], *FLAT[6:]]

    assert text_of(values).startswith(
        "The block that stands out most is block 5: it changes by 9.5 % of its base norm, the median "
        "block by 3.2 %."
    )


def test_layer_outside_the_blocks_can_stand_out():
    rows = [Place("visual", None, "stem"), *blocks(12)]

    assert text_of([[0.2, 0.2], *FLAT], rows=rows).startswith(
        "The layer that stands out most is stem: it changes by 20 %"
    )


def test_norms_outside_the_blocks_do_not_stand_out_by_changing_little():
    rows = [Place("visual", None, "ln_pre"), *blocks(12)]

    assert text_of([[0.001, 0.001], *FLAT], rows=rows).startswith(
        "No block stands out: the blocks change by 3.2 % to 3.2 % of their base norm."
    )


def test_block_that_changes_half_as_much_as_the_median_one_stands_out():
    values = [*FLAT[:5], [0.001, 0.001], *FLAT[6:]]

    assert text_of(values).startswith(
        "The block that stands out most is block 5: it changes by only 0.10 % of its base norm"
    )


def test_nothing_stands_out_of_even_updates():
    assert text_of([[0.03, 0.03], [0.05, 0.05]] * 5).startswith(
        "No block stands out: the blocks change by 3.0 % to 5.0 % of their base norm."
    )


def test_without_blocks_layers_are_compared():
    rows = [Place("model", None, name) for name in ("stem", "ln_post", "proj")]

    assert text_of([[0.03], [0.04], [0.05]], rows=rows) == (
        "No layer stands out: the layers change by 3.0 % to 5.0 % of their base norm."
    )


def test_single_layer_is_reported_alone():
    assert text_of([[0.03]]) == "These weights change by 3.0 % of their base norm."


def test_layers_without_a_norm_are_passed_over():
    rows = [Place("visual", None, "stem"), *blocks(12)]

    text = text_of([[math.nan, math.nan], *FLAT], rows=rows)

    assert text.startswith("No block stands out")
    assert "in every layer" in text


def test_weights_that_no_task_changed_are_reported():
    assert text_of([[0.0, 0.0], [0.0, 0.0]]) == "No task changed these weights."
    assert text_of([[math.nan, math.nan]]) == "No task changed these weights."


def test_task_with_the_largest_update_everywhere_leads():
    assert text_of(FLAT).endswith("'t0' has the largest update in every layer.")


def test_task_with_the_largest_update_in_most_layers_leads_there():
    values = [*FLAT[:9], *[row[::-1] for row in FLAT[9:]]]

    assert text_of(values).endswith("'t0' has the largest update in 9 of 12 layers.")


def test_no_task_leads_where_the_lead_changes():
    values = [*FLAT[:6], *[row[::-1] for row in FLAT[6:]]]

    assert "largest update" not in text_of(values)


def test_tasks_with_equal_updates_share_no_lead():
    assert "largest update" not in text_of([[0.04, 0.04, 0.02]] * 3)


def test_single_task_leads_nobody():
    assert "largest update" not in text_of([[0.01], [0.02]])


def test_depth_is_reported_for_the_tower_with_most_blocks():
    values = [[0.05, 0.05]] * 3 + GROWING
    rows = [*blocks(3, "text"), *blocks(12)]

    assert text_of(values, rows=rows).startswith(
        "Updates grow with depth in the visual tower in 2 of 2 tasks"
    )


def test_layer_that_stands_out_comes_with_its_tower():
    values = [[0.05, 0.05]] * 2 + [[0.2, 0.2]] + [[0.05, 0.05]] * 2
    rows = [*blocks(3, "text"), *blocks(2)]

    assert text_of(values, rows=rows).startswith("The block that stands out most is text block 2:")


@pytest.mark.parametrize(
    ("measure", "words"),
    [(Measure.RMS, "0.01 to 0.02 per weight"), (Measure.ABSOLUTE, "0.01 to 0.02 in total")],
)
def test_other_measures_have_their_own_unit(measure, words):
    text = text_of([[0.01], [0.02]], measure=measure)

    assert text == f"No block stands out: the blocks change by {words}."


def test_row_normalised_norms_name_who_leads_and_by_how_much():
    values = [[0.5, -0.5]] * 4

    text = text_of(values, measure=Measure.ROW, by_row=[0.1] * 4, by_column=[0.5, -0.5])

    assert (
        text
        == "'t0' has the largest update in every layer: over all layers together, 50 % above the tasks' mean."
    )


def test_row_normalised_norms_without_a_leader():
    values = [[0.5, -0.5]] * 2 + [[-0.5, 0.5]] * 2

    text = text_of(values, measure=Measure.ROW, by_row=[0.1] * 4)

    assert text == "No task has the largest update everywhere: 't0' has it in 2 of 4 layers, 't1' in 2."


def test_row_normalised_norms_of_equal_tasks():
    text = text_of([[0.0, 0.0]] * 3, measure=Measure.ROW, by_row=[0.1] * 3)

    assert text == "No task has a larger update than the others."
