"""Card of LiNeS: β swept, against a constant of equal size and the reversed ramp."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.lines.best import best_of, best_said, sweep_takeaway
from app.views.lines.settings_card import LinesSettings
from app.views.lines.sweep import NAMES, Kind, Results, sweep_recipes, sweep_rows
from app.views.lines.sweep_figure import SweepCurve, sweep_figure
from app.views.lines.validation_runs import validation_runs
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_slider
from app.widgets.navigation import go_to

_STEPS = 11
_POINT = "point"
"""Word of the point that was clicked."""


def sweep_card(diagnosis: Diagnosis, settings: LinesSettings, lab: Lab) -> None:
    """Draw mean accuracy along β; a click offers the point to the lab."""
    selection = diagnosis.selection
    with card("lines.sweep", "β, against a constant of equal size and the reversed ramp"):
        most = choice_slider(
            selection,
            "beta_to",
            "β from 0 up to",
            default=1.0 if settings.is_linear else 2.0,
            low=0.5,
            high=4.0,
            step=0.5,
            page="lines",
            width=180,
        )
        betas = [round(float(beta), 4) for beta in np.linspace(0, most, _STEPS)]
        recipes = sweep_recipes(settings.recipe, settings.scale, settings.profile, betas)
        batch = diagnosis.requests.batch("lines.sweep")
        batch.plan(
            tuple(recipe.digest() for recipe in recipes.values()),
            lambda: validation_runs(diagnosis.bench, recipes),
        )
        batch_controls(
            batch,
            key="lines.sweep",
            what=f"{len(recipes)} merges",
            costs="Each is evaluated on all validation images.",
        )
        results: Results = batch.results
        if not results:
            st.caption("Mean accuracy of LiNeS along β, beside both: not measured yet.")
            return
        best = best_of(results, Kind.LINES)
        words = {f"{kind}~{beta:g}": (kind, beta) for kind, beta in recipes}
        word = selection.one_of(_POINT, list(words))
        chart(
            "lines.betas",
            sweep_figure(
                [_line(kind, results) for kind in Kind],
                palette(st.context.theme.type),
                label=f"β, at α = {settings.alpha:.3g}",
                best=None if best is None else best.beta,
                alike=() if best is None else best.alike,
                best_name="" if best is None else f"best of {best.n_tried}",
                marked=settings.scale.beta if 0 <= settings.scale.beta <= most else None,
                chosen=None if word is None else words[word],
            ),
            takeaway=sweep_takeaway(results),
            cannot_say="Mean accuracy on all validation images with its 95 % bootstrap interval; whether two "
            "intervals overlap says nothing, since differences are paired image by image. Grey: no "
            "significant difference from the best β, which looks better than it is because it was chosen on "
            "these images. The reversed ramp gives the shallow blocks what LiNeS gives the deep ones.",
            rows=lambda: sweep_rows(results),
            on_click=lambda point: selection.set(_POINT, str(point["customdata"])),
            legend=_KEY,
        )
        st.caption(best_said(results))
        _to_lab(word, words, recipes, lab)


def _to_lab(word: str | None, words: Mapping[str, Any], recipes: Mapping[Any, Any], lab: Lab) -> None:
    if word is None:
        st.caption("Click a point to open its merge in the lab.")
        return
    kind, beta = words[word]
    name = "the ramp itself" if kind is Kind.LINES else NAMES[kind]
    if st.button(
        f"Open in the Merge lab: {name}, β = {beta:g}",
        key="lines.sweep.open",
        icon=":material/tune:",
    ):
        lab.change(recipes[kind, beta])
        go_to("Merge lab")


def _line(kind: Kind, results: Results) -> SweepCurve:
    found = sorted(
        (beta, run.mean)
        for (one, beta), run in results.items()
        if one is kind and run.mean.accuracy is not None
    )
    return SweepCurve(
        kind.value,
        NAMES[kind],
        [beta for beta, _ in found],
        [mean.accuracy or 0.0 for _, mean in found],
        [mean.low or 0.0 for _, mean in found],
        [mean.high or 0.0 for _, mean in found],
    )


_KEY = """
<div class="tauscope-key">
  <span><i class="dot"></i>LiNeS</span>
  <span><i class="dotted"></i>constant λ of equal size</span>
  <span><i class="diamond"></i>reversed ramp</span>
</div>
"""
