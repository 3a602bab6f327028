"""Card: what merging one task costs another, all pairs."""

import streamlit as st

from app.bench.interference import PAIR_SCALING, merged_only, pair_costs, why_no_merge
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.pair_merge import (
    MERGE,
    MERGES,
    SCALING,
    SCALINGS,
    PairMerge,
    pair_merge,
    planned_pairs,
)
from app.session.selection import Selection
from app.views.measured_interference.cost_matrix import Costs
from app.views.measured_interference.cost_matrix_card import cost_matrix_chart, measure_input
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card
from app.widgets.choice_inputs import choice_segments, choice_slider
from app.widgets.look import as_shown
from app.widgets.pair_to_lab import pair_to_lab


def pairs_card(diagnosis: Diagnosis, lab: Lab) -> Costs | None:
    """Draw the matrix; return what is measured, None while that is looked up."""
    selection = diagnosis.selection
    with card("interference.pairs", "What a task loses when another is merged in"):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            _merge_inputs(selection)
            measure = measure_input(selection, "cost")
        merge = pair_merge(selection, lab.recipe)
        batch = planned_pairs(diagnosis, merge)
        reason = why_no_merge(merge.recipe, 1)
        if reason:
            st.info(as_shown(reason))
            return {}
        n_tasks = sum(len(tasks) == 1 for tasks in batch.names)
        if n_tasks < 2:
            st.info(
                "The lab's recipe merges fewer than two tasks that can be evaluated, so there is no pair. "
                "Give two of them a weight in the Merge lab."
            )
            return {}
        batch_controls(
            batch,
            key="interference.pairs",
            what=f"{n_tasks} tasks alone and {n_tasks * (n_tasks - 1) // 2} pairs",
            costs=f"Each is evaluated on {diagnosis.sample.in_words} of the tasks merged.",
            sample=diagnosis.sample,
        )
        _to_lab(selection, lab, merge)
        if batch.is_recalling:
            return None
        costs = pair_costs(batch.results)
        cost_matrix_chart("interference.matrix", diagnosis, costs, measure=measure, joins="is merged in")
    return costs


def _merge_inputs(selection: Selection) -> None:
    """Draw how the pairs are merged."""
    merged_by = choice_segments(
        selection,
        MERGE,
        "Merged by",
        list(MERGES),
        default="sum",
        page="interference",
        format_func=MERGES.__getitem__,
        help="The lab's recipe is used as it is, but the weights of all other tasks are 0",
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
            help="At λ = 1 a task merged alone is its own fine-tuned model",
        )


def _to_lab(selection: Selection, lab: Lab, merge: PairMerge) -> None:
    """Draw the way into the lab for the pair in focus, if the recipe merges both."""
    pair = selection.pair
    if pair is not None and all(merge.recipe.weights[task] for task in pair):
        pair_to_lab("interference.to_lab", lab, merged_only(merge.recipe, frozenset(pair)))
