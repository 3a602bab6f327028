"""Card: what merging one task costs another, all pairs."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.figures.heat_map import Cells, heat_map
from app.figures.palette import palette
from app.services.choices import Choices
from app.services.diagnosis import Diagnosis
from app.services.filling import Filling
from app.services.interference import (
    PAIR_SCALING,
    Cost,
    cost_rows,
    costs_takeaway,
    evaluated_tasks,
    pair_cells,
    pair_costs,
    pair_recipe,
)
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments, choice_slider
from app.widgets.filling_controls import filling_controls

MEASURES = ("loss", "accuracy")
Costs = Mapping[tuple[str, str], Cost]


def planned_pairs(diagnosis: Diagnosis) -> Filling[Any, Any]:
    """The measurements of all pairs at the chosen λ; known ones are looked up."""
    scaling = pair_scaling(diagnosis.choices)
    filling = diagnosis.filling("interference.pairs")
    recipe = pair_recipe(diagnosis.bench.tasks, scaling)
    filling.plan(scaling, lambda: pair_cells(diagnosis.bench, recipe))
    return filling


def pair_scaling(choices: Choices) -> float:
    """λ at which pairs are merged."""
    return choices.number("scaling", PAIR_SCALING, low=0.1, high=1.5)


def pairs_card(diagnosis: Diagnosis) -> Costs:
    """Draw the matrix; return what is measured."""
    choices = diagnosis.choices
    with card("interference.pairs", "What a task loses when another is merged in"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            choice_slider(
                choices,
                "scaling",
                "λ of the sum",
                default=PAIR_SCALING,
                low=0.1,
                high=1.5,
                step=0.05,
                page="interference",
                width=220,
                help="At 1 a task alone is its own fine-tuned model",
            )
            measure = choice_segments(
                choices, "cost", "Measure", MEASURES, default=MEASURES[0], page="interference"
            )
        filling = planned_pairs(diagnosis)
        n_tasks = len(evaluated_tasks(diagnosis.bench))
        filling_controls(
            filling,
            key="interference.pairs",
            what=f"{n_tasks} tasks alone and {n_tasks * (n_tasks - 1) // 2} pairs",
            costs="All validation images of the tasks merged.",
        )
        costs = pair_costs(filling.results)
        cost_matrix("interference.matrix", diagnosis, costs, measure=measure, joins="is merged in")
    return costs


def cost_matrix(key: str, diagnosis: Diagnosis, costs: Costs, *, measure: str, joins: str) -> None:
    """Draw costs as a matrix, losing tasks as rows; a click chooses the pair."""
    tasks, choices = evaluated_tasks(diagnosis.bench), diagnosis.choices

    def clicked(point: Mapping[str, Any]) -> None:
        choices.choose_pair(point["y"], point["x"])

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
                text=[["" if one is None else _signed(one, digits) for one in row] for row in values],
                hover=[[_said(costs.get((task, other)), task, other) for other in tasks] for task in tasks],
                hatched=[
                    [_is_unclear(costs.get((task, other)), measure) for other in tasks] for task in tasks
                ],
            ),
            palette(st.context.theme.type),
            low=-largest,
            high=largest,
            is_diverging=True,
            chosen=choices.pair or (None, None),
            is_square=True,
            unit="gain of log-likelihood, nats" if measure == "loss" else "points of accuracy",
        ),
        takeaway=costs_takeaway(costs),
        cannot_say=f"Row: who loses. Column: who {joins}. Orange is a loss. All validation images, the same "
        "with and without; hatched cells' 95 % interval holds 0 (loss: paired mean; accuracy: McNemar after "
        "Holm). It holds at this merge only, and says nothing about why.",
        rows=lambda: cost_rows(costs),
        on_click=clicked,
    )


def _is_unclear(cost: Cost | None, measure: str) -> bool:
    if cost is None:
        return False
    return not cost.is_clear if measure == "loss" else cost.adjusted_p >= 0.05


def _said(cost: Cost | None, task: str, other: str) -> str:
    if cost is None:
        return "" if task == other else f"{task} with {other}: not measured"
    return (
        f"{task} with {other}: log-likelihood {_signed(-cost.loss.value, 3)} nats "
        f"({_signed(-cost.loss.high, 3)} to {_signed(-cost.loss.low, 3)}), accuracy "
        f"{_signed(100 * cost.accuracy.difference, 1)} points, n = {cost.accuracy.n}"
    )


def _signed(value: float, digits: int) -> str:
    shown = round(value, digits)
    return f"{shown:+.{digits}f}".replace("-", "−") if shown else f"{0:.{digits}f}"
