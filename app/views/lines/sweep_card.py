"""Card of LiNeS: β swept, against a constant of equal size and the reversed ramp."""

from collections.abc import Mapping

import streamlit as st

from analysis.merge.recipe import Recipe
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.lines.best import best_of
from app.views.lines.comparison import NAMES, Kind, Results, SweepPoint
from app.views.lines.settings import LinesSettings
from app.views.lines.sweep import (
    N_BETAS,
    best_caption,
    betas_up_to,
    point_words,
    sweep_curves,
    sweep_recipes,
    sweep_rows,
    sweep_takeaway,
)
from app.views.lines.sweep_figure import SweepCurve, sweep_figure
from app.views.lines.validation_runs import validation_runs
from app.widgets.batch_controls import batch_controls
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_slider
from app.widgets.navigation import go_to

_POINT = "point"
"""Word of the point that was clicked."""


def sweep_card(diagnosis: Diagnosis, settings: LinesSettings, lab: Lab) -> None:
    """Draw mean accuracy along β; a click offers the point to the lab."""
    selection = diagnosis.selection
    with card("lines.sweep", "LiNeS along β, against a constant of equal size and the reversed ramp"):
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
        recipes = sweep_recipes(settings.recipe, settings.scale, settings.profile, betas_up_to(most))
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
            st.caption(
                f"The chart will show the mean accuracy of LiNeS at {N_BETAS} values of β, beside a "
                "constant λ of equal size and the reversed ramp."
            )
            return
        best = best_of(results, Kind.LINES)
        words = point_words(recipes)
        point = words.get(selection.one_of(_POINT, list(words)) or "")
        chart(
            "lines.betas",
            sweep_figure(
                [SweepCurve(**curve) for curve in sweep_curves(results)],
                palette(st.context.theme.type),
                label=f"β, at α = {settings.alpha:.3g}",
                best=None if best is None else best.beta,
                alike=() if best is None else best.alike,
                best_name="" if best is None else f"best of {best.n_tried}",
                marked=settings.scale.beta if 0 <= settings.scale.beta <= most else None,
                chosen=point,
            ),
            takeaway=sweep_takeaway(results),
            cannot_say="Mean accuracy on all validation images, with its 95 % bootstrap interval. Whether "
            "two intervals overlap decides nothing: differences are paired image by image. Grey band: no "
            "significant difference from the best β, which looks slightly too good because it was chosen on "
            "these images. The reversed ramp gives the shallow blocks what LiNeS gives the deep ones.",
            rows=lambda: sweep_rows(results),
            on_click=lambda clicked: selection.set(_POINT, str(clicked["customdata"])),
            legend=_KEY,
        )
        st.caption(best_caption(results))
        _to_lab(point, recipes, lab)


def _to_lab(point: SweepPoint | None, recipes: Mapping[SweepPoint, Recipe], lab: Lab) -> None:
    if point is None:
        st.caption("Click a point to open its merge in the Merge lab.")
        return
    kind, beta = point
    if st.button(
        f"Open in the Merge lab: {NAMES[kind]}, β = {beta:g}",
        key="lines.sweep.open",
        icon=":material/tune:",
    ):
        lab.change(recipes[point])
        go_to("Merge lab")


_KEY = """
<div class="tauscope-key">
  <span><i class="dot"></i>LiNeS</span>
  <span><i class="dotted"></i>constant λ of equal size</span>
  <span><i class="diamond"></i>reversed ramp</span>
</div>
"""
