"""Card: accuracy as tasks join the Merge lab's merge one by one."""

import streamlit as st

from app.bench.interference import merged_tasks, why_no_merge
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.measured_interference.orders import (
    ORDERS,
    added_one_by_one,
    adding_runs,
    adding_takeaway,
    mean_curve,
    order_rows,
)
from app.views.measured_interference.orders_figure import orders_figure
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.look import as_shown, tab_palette

_OVER = {"merged": "the tasks merged so far", "all": "all tasks of the merge"}
_SPREAD = {
    "merged": "Early points average few tasks: they differ because the tasks do, not by chance.",
    "all": "A task that has not joined yet counts with its accuracy in the merge of the others.",
}


def orders_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw one curve per order, and their mean."""
    bench, recipe, n_images = diagnosis.bench, lab.recipe, diagnosis.sample.n_images
    batch = diagnosis.requests.batch("interference.adding")
    batch.plan((recipe.digest(), n_images), lambda: adding_runs(bench, recipe, n_images))
    with card("interference.adding", "Tasks added one by one, at the Merge lab's recipe"):
        reason = why_no_merge(recipe, 1)
        if reason:
            st.info(as_shown(reason))
            return
        batch_controls(
            batch,
            key="interference.adding",
            what=f"{len(batch.names)} merges",
            costs=f"{ORDERS} orders: the zoo's own and {ORDERS - 1} random ones, on "
            f"{diagnosis.sample.in_words}.",
            sample=diagnosis.sample,
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
        if batch.is_recalling:
            return
        if not results:
            st.caption(as_shown(adding_takeaway(results, tasks)))
            return
        curves = added_one_by_one(results, tasks, of_all=over == "all")
        chart(
            "interference.orders",
            orders_figure(
                [order for order, _ in curves],
                [curve for _, curve in curves],
                mean_curve(curves),
                tab_palette(),
            ),
            takeaway=adding_takeaway(results, tasks),
            cannot_say=f"Mean accuracy over {_OVER[over]}, on {diagnosis.sample.in_words}. Thin lines: one "
            f"per order; thick line: their mean. {_SPREAD[over]} The scale stays the same for every number "
            "of tasks.",
            rows=lambda: order_rows(curves),
        )
