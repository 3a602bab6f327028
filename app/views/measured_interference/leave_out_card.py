"""Card: what each task loses because another is in the merge of all."""

import streamlit as st

from app.bench.interference import leave_out_costs, leave_out_runs, merged_tasks, why_no_merge
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.measured_interference.cost_matrix_card import cost_matrix_chart, measure_input
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card
from app.widgets.look import as_shown


def leave_out_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw what each task loses because another is in the lab's merge."""
    bench, recipe, n_images = diagnosis.bench, lab.recipe, diagnosis.sample.n_images
    batch = diagnosis.requests.batch("interference.leave_out")
    batch.plan((recipe.digest(), n_images), lambda: leave_out_runs(bench, recipe, n_images))
    with card("interference.leave_out", "What a task loses because another is in the Merge lab's merge"):
        reason = why_no_merge(recipe, len(merged_tasks(recipe)) - 1)
        if reason:
            st.info(as_shown(reason))
            return
        measure = measure_input(diagnosis.selection, "left")
        batch_controls(
            batch,
            key="interference.leave_out",
            what=f"{len(batch.names)} merges",
            costs=f"All tasks at the lab's recipe, then all but one, on {diagnosis.sample.in_words}.",
            sample=diagnosis.sample,
        )
        if batch.is_recalling:
            return
        costs = leave_out_costs(batch.results, merged_tasks(recipe))
        cost_matrix_chart(
            "interference.left", diagnosis, costs, measure=measure, joins="is in the merge of all"
        )
