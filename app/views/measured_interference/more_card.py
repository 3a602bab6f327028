"""Cards: leaving one task out of the merge of all, and adding tasks one by one."""

import streamlit as st

from app.bench.interference import leave_out_costs, leave_out_runs, merged_tasks, why_no_merge
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.measured_interference.orders import ORDERS, added_one_by_one, adding_runs, adding_takeaway
from app.views.measured_interference.orders_figure import orders_figure
from app.views.measured_interference.pairs_card import MEASURES, cost_matrix
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments

_OVER = {"merged": "the tasks merged so far", "all": "all tasks of the merge"}
_SPREAD = {
    "merged": "Early points average few tasks, so their spread is of tasks, not of chance.",
    "all": "A task that has not joined yet counts with what the merge of the others gives it.",
}


def leave_out_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw what each task loses because another is in the lab's merge."""
    bench, recipe = diagnosis.bench, lab.recipe
    batch = diagnosis.requests.batch("interference.leave_out")
    batch.plan(recipe.digest(), lambda: leave_out_runs(bench, recipe))
    with card("interference.leave_out", "What a task loses because another is in the Merge lab's merge"):
        reason = why_no_merge(recipe, len(merged_tasks(recipe)) - 1)
        if reason:
            st.info(reason)
            return
        measure = choice_segments(
            diagnosis.selection, "left", "Measure", MEASURES, default=MEASURES[0], page="interference"
        )
        batch_controls(
            batch,
            key="interference.leave_out",
            what=f"{len(batch.names)} merges",
            costs="All tasks at the lab's recipe, then all but one.",
        )
        costs = leave_out_costs(batch.results, merged_tasks(recipe))
        cost_matrix("interference.left", diagnosis, costs, measure=measure, joins="is in the merge of all")


def adding_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw accuracy as tasks join the lab's merge one by one."""
    bench, recipe = diagnosis.bench, lab.recipe
    batch = diagnosis.requests.batch("interference.adding")
    batch.plan(recipe.digest(), lambda: adding_runs(bench, recipe))
    with card("interference.adding", "Tasks added one by one, at the Merge lab's recipe"):
        reason = why_no_merge(recipe, 1)
        if reason:
            st.info(reason)
            return
        batch_controls(
            batch,
            key="interference.adding",
            what=f"{len(batch.names)} merges",
            costs=f"{ORDERS} orders: the zoo's own and {ORDERS - 1} random ones.",
        )
        over = choice_segments(
            diagnosis.selection,
            "over",
            "Mean over",
            list(_OVER),
            default="merged",
            page="interference",
            format_func=_OVER.__getitem__,
        )
        results, tasks = batch.results, merged_tasks(recipe)
        if not results:
            st.caption(adding_takeaway(results, tasks))
            return
        curves = added_one_by_one(results, tasks, of_all=over == "all")
        chart(
            "interference.orders",
            orders_figure(
                [order for order, _ in curves],
                [curve for _, curve in curves],
                palette(st.context.theme.type),
            ),
            takeaway=adding_takeaway(results, tasks),
            cannot_say=f"Mean accuracy over {_OVER[over]}, all validation images; one thin line an order. "
            f"{_SPREAD[over]} The scale is not tuned anew for each number of tasks.",
            rows=lambda: [
                {"order": number, "tasks": k + 1, "added": order[k], "mean_accuracy": value}
                for number, (order, curve) in enumerate(curves)
                for k, value in enumerate(curve)
            ],
        )
