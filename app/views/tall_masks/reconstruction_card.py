"""Card of TALL masks: every task rebuilt from its mask and measured."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.views.tall_masks.reached_figure import Reached, reached_figure
from app.views.tall_masks.rebuilt import REBUILT_TITLE, Rebuilt
from app.views.tall_masks.reconstruction import (
    PAPER,
    image_counts,
    reconstruction_rows,
    reconstruction_takeaway,
)
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.look import tab_palette
from app.words.numbers import percent


def reconstruction_card(diagnosis: Diagnosis, rebuilt: Rebuilt) -> None:
    """Draw what every task gets back from its mask, or how to measure it."""
    batch, tasks, found = rebuilt.batch, rebuilt.tasks, rebuilt.found

    def clicked(point: Mapping[str, Any]) -> None:
        if point["y"] in tasks:
            diagnosis.selection.choose_task(point["y"])

    with card("masks.reconstruction", REBUILT_TITLE):
        batch_controls(
            batch,
            key="masks.reconstruction",
            what=f"{len(tasks)} rebuilt tasks",
            costs=f"Each is evaluated on {diagnosis.sample.in_words}, of its own task.",
            sample=diagnosis.sample,
        )
        if not found:
            st.caption(
                "A task is rebuilt as θ₀ + mₜ ⊙ τ_M, unscaled: its mask stores one bit per weight. The paper "
                "reports that this recovers at least 99 % of the fine-tuned accuracy."
            )
            return
        rows = [
            Reached(
                one.task,
                one.interval.value,
                one.interval.low,
                one.interval.high,
                percent(one.interval.value),
                one.hover,
            )
            for one in found
            if one.interval is not None
        ]
        chart(
            "masks.reconstruction",
            reached_figure(
                rows,
                tab_palette(),
                target=PAPER,
                target_name="the paper's 99 %",
                chosen=diagnosis.selection.task,
            ),
            takeaway=reconstruction_takeaway(found, rebuilt.mean),
            cannot_say="Accuracy of θ₀ + mₜ ⊙ τ_M divided by that of the fine-tuned model on the same images "
            f"({image_counts(found)} per task), with 95 % intervals (paired bootstrap). A mask can only be "
            "chosen if the task is known, so this is not one merged model.",
            rows=lambda: reconstruction_rows(found),
            on_click=clicked,
        )
