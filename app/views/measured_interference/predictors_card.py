"""Card: numbers read off the weights, against the loss that was measured."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from analysis.masks.multi_task_vector import Vector
from app.bench.mask_statistics import MaskSettings
from app.bench.task_costs import Cost, mutual_loss
from app.session.diagnosis import Diagnosis
from app.views.measured_interference.predictors import (
    diagnostics_of_pairs,
    pair_points,
    predictor_rows,
    predictors,
    predictors_takeaway,
)
from app.views.measured_interference.predictors_figure import Relation, predictors_figure
from app.widgets.ask import ask_masks, ask_statistics
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette
from app.words.numbers import exact_percent

DENSITY = 0.2
"""Share of weights kept by trimming."""

TALL_LAMBDA = 0.4


def predictors_card(diagnosis: Diagnosis, costs: Mapping[tuple[str, str], Cost]) -> None:
    """Draw one small plot per diagnostic."""
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
            st.caption(
                "Each diagnostic of a pair against the loss that the two tasks cost each other: no pair is "
                "measured yet."
            )
            return
        found = predictors(
            diagnostics_of_pairs(whole.value.total, trimmed.value.total, masks.value.total), measured
        )

        def clicked(point: Mapping[str, Any]) -> None:
            diagnosis.selection.choose_pair(*point["customdata"])

        points = {one.name: pair_points(one, measured, tasks) for one in found}
        chart(
            "interference.relations",
            predictors_figure(
                [
                    Relation(
                        one.name,
                        one.caption,
                        [point.value for point in points[one.name]],
                        [point.mutual_loss for point in points[one.name]],
                        [point.pair for point in points[one.name]],
                    )
                    for one in found
                ],
                tab_palette(),
                chosen=diagnosis.selection.pair,
                unit="mutual loss, nats",
            ),
            takeaway=predictors_takeaway(found),
            cannot_say="One point per pair. ρ: Spearman's rank correlation. p: from permuting the tasks, "
            "since pairs with a task in common are not independent; corrected by Holm over the diagnostics. "
            f"Trimmed conflict: among the largest {exact_percent(DENSITY)} of each task's weights. Mask "
            f"overlap: at λ = {TALL_LAMBDA}. A correlation in one zoo is not a law.",
            rows=lambda: predictor_rows(found, measured, tasks),
            on_click=clicked,
        )
