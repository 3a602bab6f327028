"""Card: β swept, against a constant of equal size and the reversed ramp."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from app.figures.palette import palette
from app.figures.sweep_lines import SweepLine, sweep_lines
from app.services.diagnosis import Diagnosis
from app.services.lab import Lab
from app.services.lines_measured import (
    KINDS,
    LINES,
    SweepPoint,
    best_of,
    measured_cell,
    sweep_recipes,
    sweep_takeaway,
)
from app.services.runs import Run
from app.widgets.chart_card import card, chart
from app.widgets.filling_controls import filling_controls
from app.widgets.lines_settings import LinesSettings
from app.widgets.navigation import go_to

_STEPS = 11
_CHOSEN = "lines.chosen"


def sweep_card(diagnosis: Diagnosis, settings: LinesSettings, lab: Lab) -> None:
    """Draw mean accuracy along β; a click offers the point to the lab."""
    betas = [round(float(beta), 4) for beta in np.linspace(0, settings.most, _STEPS)]
    recipes = sweep_recipes(settings.recipe, settings.profile, settings.alpha, betas)
    filling = diagnosis.filling("lines.sweep")
    filling.plan(
        (tuple(one.digest() for one in recipes.values())),
        lambda: [measured_cell(diagnosis.bench, point, recipe) for point, recipe in recipes.items()],
    )
    with card("lines.sweep", "β, against a constant of equal size and the reversed ramp"):
        filling_controls(
            filling,
            key="lines.sweep",
            what=f"{len(recipes)} merges",
            costs="Each on all validation images.",
        )
        results: Mapping[SweepPoint, Run] = filling.results
        best = best_of(results, LINES)

        def clicked(point: Mapping[str, Any]) -> None:
            kind, beta = point["customdata"]
            st.session_state[_CHOSEN] = (kind, float(beta))

        chart(
            "lines.betas",
            sweep_lines(
                [_line(kind, results) for kind in KINDS],
                palette(st.context.theme.type),
                label=f"β, at α = {settings.alpha:.3g}",
                best=None if best is None else best[0][1],
                alike=[] if best is None else [point[1] for point in best[1]],
            ),
            takeaway=sweep_takeaway(results),
            cannot_say="All validation images; 95 % bootstrap intervals of each mean, differences are "
            "paired. The band holds what is not told from the best, which looks better than it is because "
            "it was chosen here: score it on test. The reversed ramp gives the shallow blocks what LiNeS "
            "gives the deep ones.",
            rows=lambda: [
                {
                    "scale": kind,
                    "beta": beta,
                    "mean_accuracy": run.mean.accuracy,
                    "low": run.mean.low,
                    "high": run.mean.high,
                }
                for (kind, beta), run in results.items()
            ],
            on_click=clicked,
        )
        chosen = st.session_state.get(_CHOSEN)
        if chosen in recipes and st.button(
            f"Open {chosen[0]}, β = {chosen[1]:g}, in the Merge lab", key="lines.sweep.open"
        ):
            lab.change(recipes[chosen])
            go_to("Merge lab")


def _line(kind: str, results: Mapping[SweepPoint, Run]) -> SweepLine:
    found = sorted(
        (beta, run.mean)
        for (one, beta), run in results.items()
        if one == kind and run.mean.accuracy is not None
    )
    return SweepLine(
        kind,
        [beta for beta, _ in found],
        [mean.accuracy or 0.0 for _, mean in found],
        [mean.low or 0.0 for _, mean in found],
        [mean.high or 0.0 for _, mean in found],
    )
