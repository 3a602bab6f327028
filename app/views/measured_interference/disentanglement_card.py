"""Card: where two task vectors leave each other's answers alone."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.bench.interference import evaluated_tasks
from app.bench.measuring import QUICK_SAMPLE
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.measured_interference.disentanglement import (
    axis,
    disentanglement_error,
    disentanglement_runs,
    disentanglement_takeaway,
    images_of,
    lab_point,
)
from app.views.measured_interference.disentanglement_figure import disentanglement_figure
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_segments

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
        values, results = axis(n_steps), batch.results
        errors = {
            (a, b): error
            for a in values
            for b in values
            if (error := disentanglement_error(results, pair, (a, b))) is not None
        }
        if not errors:
            st.caption("Where the two leave each other's answers alone: not measured yet.")
            return
        here = lab_point(lab.recipe, pair)

        def rows() -> list[Mapping[str, Any]]:
            return [{"alpha_1": a, "alpha_2": b, "xi": error} for (a, b), error in errors.items()]

        chart(
            "interference.landscape",
            disentanglement_figure(
                values,
                [[errors.get((a, b)) for a in values] for b in values],
                palette(st.context.theme.type),
                axes=(f"α of {pair[0]}", f"α of {pair[1]}"),
                here=here,
                box=(0.0, 1.0),
                high=2.0,
                unit="ξ",
            ),
            takeaway=disentanglement_takeaway(errors, pair, here),
            cannot_say="Share of answers that change on either task's images when the other joins, added up "
            f"(0 to 2).{_on(images_of(results, pair), pair)} Measured points only, nothing between them; "
            "changed answers need not be wrong ones. Box: the usual search range.",
            rows=rows,
        )


def _on(n: tuple[int, int] | None, pair: tuple[str, str]) -> str:
    if n is None:
        return ""
    # A share of n answers is uncertain by at most 1.96 · √(¼ / n).
    half = 0.98 * (1 / n[0] + 1 / n[1]) ** 0.5
    return (
        f" {n[0]} images of {pair[0]} and {n[1]} of {pair[1]}: any ξ is uncertain by up to ± {half:.2f} "
        "(95 %)."
    )
