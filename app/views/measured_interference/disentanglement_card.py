"""Card: where two task vectors leave each other's answers alone."""

import streamlit as st

from app.bench.interference import evaluated_tasks
from app.bench.measuring.measured_runs import QUICK_SAMPLE
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.measured_interference.disentanglement import (
    axis,
    disentanglement_errors,
    disentanglement_rows,
    disentanglement_runs,
    disentanglement_takeaway,
    lab_point,
    uncertainty,
)
from app.views.measured_interference.disentanglement_figure import disentanglement_figure
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments
from app.widgets.look import tab_palette

_GRIDS = {"coarse": 7, "finer": 13, "finest": 25}


def disentanglement_card(diagnosis: Diagnosis, lab: Lab) -> None:
    """Draw ξ over both coefficients of the pair in focus."""
    tasks, selection = evaluated_tasks(diagnosis.bench), diagnosis.selection
    pair = selection.pair if selection.pair and set(selection.pair) <= set(tasks) else (tasks[0], tasks[1])
    with card("interference.xi", f"Weight disentanglement of {pair[0]} and {pair[1]}"):
        grid = choice_segments(selection, "grid", "Grid", list(_GRIDS), default="coarse", page="interference")
        n_steps = _GRIDS[grid]
        batch = diagnosis.requests.batch("interference.xi")
        batch.plan((pair, n_steps), lambda: disentanglement_runs(diagnosis.bench, pair, n_steps))
        batch_controls(
            batch,
            key="interference.xi",
            what=f"{len(batch.names)} merges",
            costs=f"{QUICK_SAMPLE} validation images of each of the two tasks.",
        )
        if batch.is_recalling:
            return
        values, errors = axis(n_steps), disentanglement_errors(batch.results, pair, n_steps)
        if not errors:
            st.caption("Where the two tasks leave each other's answers alone is not measured yet.")
            return
        here = lab_point(lab.recipe, pair)
        chart(
            "interference.landscape",
            disentanglement_figure(
                values,
                [[errors.get((a, b)) for a in values] for b in values],
                tab_palette(),
                axes=(f"α of {pair[0]}", f"α of {pair[1]}"),
                here=here,
                box=(0.0, 1.0),
                high=2.0,
                unit="ξ",
            ),
            takeaway=disentanglement_takeaway(errors, here),
            cannot_say="ξ, from 0 to 2: share of answers that change on each task's images when the other "
            f"task joins, summed over the two tasks. {uncertainty(batch.results, pair)} Each cell is one "
            "measured merge. A changed answer need not be a wrong one. Box: the usual range of α.",
            rows=lambda: disentanglement_rows(errors),
        )
