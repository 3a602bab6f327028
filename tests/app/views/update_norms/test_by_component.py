import math

import numpy as np
import pytest

from analysis.model.places import Place
from analysis.weights.norms import Measure
from app.views.update_norms.by_component import by_component_limits, by_component_takeaway
from app.views.update_norms.norm_table import NormTable


def table(by_column, measure=Measure.RELATIVE):
    values = np.array([by_column])
    return NormTable(
        rows=(Place("visual", 0, "0"),),
        kind="component",
        columns=("attn_q", "mlp_in", "norm"),
        values=values,
        by_row=values.mean(axis=1),
        by_column=values[0],
        n=(4,),
        is_there=np.ones(values.shape, dtype=bool),
        measure=measure,
    )


def of_components(by_column, task=None, measure=Measure.RELATIVE):
    return by_component_takeaway(table(by_column, measure), task).replace("\xa0", " ")


def test_component_that_changes_most_is_named_with_the_one_that_changes_least():
    assert of_components([0.06, 0.09, 0.003]) == (
        "For the average task, the largest update is that of MLP in (9.0 % of its base norm), the smallest "
        "that of norms (0.30 %)."
    )


def test_even_components_do_not_stand_out():
    assert of_components([0.06, 0.07, 0.065], "digits") == (
        "No component stands out for 'digits': the components change by 6.0 % to 7.0 % of their base norm."
    )


def test_component_without_a_norm_is_passed_over():
    assert "norms" not in of_components([0.06, 0.09, math.nan])


def test_components_that_no_task_changed_have_no_update():
    assert of_components([0.0, 0.0, 0.0], "digits") == "'digits' changed nothing here."
    assert of_components([0.0, 0.0, 0.0]) == "The average task changed nothing here."


def test_components_against_the_other_tasks_come_with_their_side():
    assert of_components([0.5, 0.1, -0.2], "digits", Measure.ROW) == (
        "Compared with the other tasks, 'digits' changes attention q most (50 % above the tasks' mean) and "
        "norms least (20 % below the tasks' mean)."
    )


@pytest.mark.parametrize(
    ("shown", "chosen", "aside"),
    [
        (Measure.RELATIVE, Measure.RELATIVE, "Gains of norm layers start near 1"),
        (Measure.RELATIVE, Measure.ROW, "needs a chosen task; these norms are relative to θ₀."),
        (Measure.RMS, Measure.RMS, "the update of a typical weight of a cell. Size is not effect."),
    ],
)
def test_limits_explain_the_norms_that_are_shown(shown, chosen, aside):
    assert aside in by_component_limits(table([0.1, 0.2, 0.3], shown), chosen)
