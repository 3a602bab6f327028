"""Card: what merging one task costs another, all pairs."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.bench.interference import (
    PAIR_SCALING,
    evaluated_tasks,
    merged_only,
    pair_costs,
    why_no_merge,
)
from app.bench.runs import CLEAR
from app.bench.task_costs import Cost, cost_rows, costs_takeaway
from app.figures.heat_map import Cells, heat_map
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.pair_merge import MERGE, MERGES, SCALING, SCALINGS, pair_merge, planned_pairs
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments, choice_slider
from app.widgets.pair_to_lab import pair_to_lab
from app.words.numbers import points, signed

MEASURES = ("loss", "accuracy")
Costs = Mapping[tuple[str, str], Cost]


def pairs_card(diagnosis: Diagnosis, lab: Lab) -> Costs:
    """Draw the matrix; return what is measured."""
    selection = diagnosis.selection
    with card("interference.pairs", "What a task loses when another is merged in"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            merged_by = choice_segments(
                selection,
                MERGE,
                "Merged by",
                list(MERGES),
                default="sum",
                page="interference",
                format_func=MERGES.__getitem__,
                help="The lab's recipe with the weights of all other tasks at 0; its scale is not tuned anew",
            )
            if merged_by == "sum":
                choice_slider(
                    selection,
                    SCALING,
                    "λ of the sum",
                    default=PAIR_SCALING,
                    low=SCALINGS[0],
                    high=SCALINGS[1],
                    step=0.05,
                    page="interference",
                    width=180,
                    help="At 1 a task alone is its own fine-tuned model",
                )
            measure = choice_segments(
                selection, "cost", "Measure", MEASURES, default=MEASURES[0], page="interference"
            )
        merge = pair_merge(selection, lab.recipe)
        batch = planned_pairs(diagnosis, merge)
        reason = why_no_merge(merge.recipe, 1)
        if reason:
            st.info(reason)
            return {}
        n_tasks = sum(len(tasks) == 1 for tasks in batch.names)
        if n_tasks < 2:
            st.info("The lab's recipe merges fewer than two tasks that can be evaluated: there is no pair.")
            return {}
        batch_controls(
            batch,
            key="interference.pairs",
            what=f"{n_tasks} tasks alone and {n_tasks * (n_tasks - 1) // 2} pairs",
            costs="All validation images of the tasks merged.",
        )
        pair = (
            selection.pair
            if selection.pair and all(merge.recipe.weights[one] for one in selection.pair)
            else None
        )
        if pair is not None:
            pair_to_lab("interference.to_lab", lab, merged_only(merge.recipe, frozenset(pair)))
        costs = pair_costs(batch.results)
        cost_matrix("interference.matrix", diagnosis, costs, measure=measure, joins="is merged in")
    return costs


def cost_matrix(key: str, diagnosis: Diagnosis, costs: Costs, *, measure: str, joins: str) -> None:
    """Draw costs as a matrix, losing tasks as rows; a click chooses the pair."""
    if not costs:
        st.caption(costs_takeaway(costs))
        return
    tasks, selection = evaluated_tasks(diagnosis.bench), diagnosis.selection

    def clicked(point: Mapping[str, Any]) -> None:
        selection.choose_pair(point["y"], point["x"])

    def value(task: str, other: str) -> float | None:
        cost = costs.get((task, other))
        if cost is None:
            return None
        return -cost.loss.value if measure == "loss" else 100 * cost.accuracy.difference

    values = [[value(task, other) for other in tasks] for task in tasks]
    largest = max((abs(one) for row in values for one in row if one is not None), default=1.0) or 1.0
    digits = 2 if measure == "loss" else 0
    chart(
        key,
        heat_map(
            Cells(
                rows=tasks,
                columns=tasks,
                values=values,
                text=[["" if one is None else signed(one, digits) for one in row] for row in values],
                hover=[[_said(costs.get((task, other)), task, other) for other in tasks] for task in tasks],
                hatched=[
                    [_is_unclear(costs.get((task, other)), measure) for other in tasks] for task in tasks
                ],
            ),
            palette(st.context.theme.type),
            low=-largest,
            high=largest,
            is_diverging=True,
            chosen=selection.pair or (None, None),
            is_square=True,
            unit="gain of log-likelihood, nats" if measure == "loss" else "points of accuracy",
        ),
        takeaway=costs_takeaway(costs),
        cannot_say=f"Row: who loses. Column: who {joins}. Orange is a loss. All validation images, the same "
        "with and without; hatched: no significant change (loss: paired mean; accuracy: McNemar; both "
        "after Holm over all cells). It holds at this merge only, and says nothing about why.",
        rows=lambda: cost_rows(costs),
        on_click=clicked,
    )


def _is_unclear(cost: Cost | None, measure: str) -> bool:
    if cost is None:
        return False
    return (cost.adjusted_loss_p if measure == "loss" else cost.adjusted_p) >= CLEAR


def _said(cost: Cost | None, task: str, other: str) -> str:
    if cost is None:
        return "" if task == other else f"{task} with {other}: not measured"
    return (
        f"{task} with {other}: log-likelihood {signed(-cost.loss.value, 3)} nats "
        f"({signed(-cost.loss.high, 3)} to {signed(-cost.loss.low, 3)}), accuracy "
        f"{points(cost.accuracy.difference)}, n = {cost.accuracy.n}"
    )
