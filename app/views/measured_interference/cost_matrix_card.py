"""The matrix of losses inside a card: losing tasks as rows, joining tasks as columns."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.bench.interference import evaluated_tasks
from app.bench.task_costs import cost_rows
from app.figures.heat_map import Cells, heat_map
from app.session.diagnosis import Diagnosis
from app.session.selection import Selection
from app.views.measured_interference.cost_matrix import MEASURES, Costs, cost_matrix, costs_takeaway
from app.widgets.chart_card import chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.look import as_shown, tab_palette


def measure_input(selection: Selection, name: str) -> str:
    """Draw the choice between loss and accuracy, and return what is chosen."""
    return choice_segments(selection, name, "Show", MEASURES, default=MEASURES[0], page="interference")


def cost_matrix_chart(key: str, diagnosis: Diagnosis, costs: Costs, *, measure: str, joins: str) -> None:
    """Draw the matrix; a click chooses the pair.

    Args:
        key: Of the chart.
        diagnosis: Of the tab.
        costs: What is measured.
        measure: One of `MEASURES`.
        joins: What the task of a column does, such as "is merged in".
    """
    if not costs:
        st.caption(as_shown(costs_takeaway(costs)))
        return
    tasks, selection = evaluated_tasks(diagnosis.bench), diagnosis.selection
    matrix = cost_matrix(costs, tasks, measure=measure)

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_pair(point["y"], point["x"])

    chart(
        key,
        heat_map(
            Cells(
                rows=tasks,
                columns=tasks,
                values=matrix.values,
                text=matrix.text,
                hover=matrix.hover,
                hatched=matrix.hatched,
            ),
            tab_palette(),
            low=-matrix.largest,
            high=matrix.largest,
            is_diverging=True,
            chosen=selection.pair or (None, None),
            is_square=True,
            unit=matrix.unit,
        ),
        takeaway=costs_takeaway(costs),
        cannot_say=f"Row: the task that loses. Column: the task that {joins}. Orange is a loss. Both merges "
        f"are measured on the same images, {diagnosis.sample.in_words}. Hatched cells: no significant change "
        "(paired mean of the loss, or McNemar's test of the accuracy, corrected by Holm over all cells). The "
        "matrix holds for this merge only, and does not show why.",
        rows=lambda: cost_rows(costs),
        on_click=clicked,
    )
