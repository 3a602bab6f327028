"""Card: which number read off the weights predicts what was measured."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from analysis.masks.multi_task_vector import Vector
from app.bench.mask_statistics import MaskSettings
from app.bench.task_costs import Cost, mutual_loss
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.views.measured_interference.predictors import (
    Predictor,
    diagnostics_of_pairs,
    predictors,
    predictors_takeaway,
)
from app.views.measured_interference.predictors_figure import Relation, predictors_figure
from app.widgets.ask import ask_masks, ask_statistics
from app.widgets.chart_card import card, chart
from app.words.numbers import exact_percent

DENSITY = 0.2
"""Share of weights kept by trimming."""

TALL_LAMBDA = 0.4


def predictors_card(diagnosis: Diagnosis, costs: Mapping[tuple[str, str], Cost]) -> None:
    """Draw each diagnostic of the pairs against their measured loss."""
    tasks = diagnosis.bench.tasks
    settings = MaskSettings(diagnosis.scope, Vector.SUM, (TALL_LAMBDA,) * len(tasks))
    with card("interference.predictors", "Which diagnostic predicted it?"):
        whole = ask_statistics(diagnosis)
        trimmed = ask_statistics(diagnosis, density=DENSITY)
        masks = ask_masks(diagnosis, settings)
        if whole.value is None or trimmed.value is None or masks.value is None:
            return
        if not (trimmed.is_current and masks.is_current):
            return  # what is there belongs to the settings of another page
        measured = mutual_loss(costs, tasks)
        if not np.isfinite(measured).any():
            st.caption("Each diagnostic of a pair against the loss that it costs: no pair is measured yet.")
            return
        found = predictors(
            diagnostics_of_pairs(whole.value.total, trimmed.value.total, masks.value.total), measured
        )

        def clicked(point: Mapping[str, Any]) -> None:
            diagnosis.selection.choose_pair(*point["customdata"])

        def pairs(one: Predictor) -> list[tuple[int, int]]:
            return [
                (i, j)
                for i in range(len(tasks))
                for j in range(i + 1, len(tasks))
                if np.isfinite(one.values[i, j]) and np.isfinite(measured[i, j])
            ]

        chart(
            "interference.relations",
            predictors_figure(
                [
                    Relation(
                        one.name,
                        _said(one),
                        [float(one.values[pair]) for pair in pairs(one)],
                        [float(measured[pair]) for pair in pairs(one)],
                        [(tasks[i], tasks[j]) for i, j in pairs(one)],
                    )
                    for one in found
                ],
                palette(st.context.theme.type),
                chosen=diagnosis.selection.pair,
                unit="mutual loss, nats",
            ),
            takeaway=predictors_takeaway(found),
            cannot_say="One point a pair. ρ is Spearman's, p from renaming tasks (pairs with a common task "
            "are not independent), corrected by Holm over all of them. Conflict among the largest "
            f"{exact_percent(DENSITY)} of weights; mask overlap at λ = {TALL_LAMBDA}. A relation in one zoo "
            "is no law.",
            rows=lambda: [
                {
                    "diagnostic": one.name,
                    "task_a": tasks[i],
                    "task_b": tasks[j],
                    "value": float(one.values[i, j]),
                    "mutual_loss": float(measured[i, j]),
                    "rho": one.relation.value,
                    "p": one.relation.p_value,
                    "adjusted_p": one.adjusted_p,
                    "pairs": one.relation.n_pairs,
                }
                for one in found
                for i, j in pairs(one)
            ],
            on_click=clicked,
        )


def _said(one: Predictor) -> str:
    if one.relation.value is None or one.adjusted_p is None:
        return "no correlation yet"
    return f"ρ = {one.said_relation}, p = {one.adjusted_p:.2f}, n = {one.relation.n_pairs}"
