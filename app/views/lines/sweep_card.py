"""Card of LiNeS: β swept, against constants and the reversed ramp."""

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.views.lines.best import best_of
from app.views.lines.comparison import Kind
from app.views.lines.measured_runs_card import measured_runs
from app.views.lines.point_to_lab_card import point_to_lab
from app.views.lines.settings import LinesSettings
from app.views.lines.sweep import (
    N_BETAS,
    best_caption,
    best_constant,
    betas_up_to,
    lambdas_up_to,
    point_name,
    point_words,
    sweep_curves,
    sweep_recipes,
    sweep_rows,
    sweep_takeaway,
)
from app.views.lines.sweep_figure import SweepCurve, sweep_figure
from app.widgets.chart_card import card, chart
from app.widgets.choice_inputs import choice_slider
from app.widgets.look import as_shown, tab_palette

_POINT = "point"
"""Word of the point that was clicked."""


def sweep_card(diagnosis: Diagnosis, settings: LinesSettings, lab: Lab) -> None:
    """Draw mean accuracy along β; a click offers the point to the lab."""
    selection = diagnosis.selection
    with card("lines.sweep", "LiNeS along β, against the best constant and the reversed ramp"):
        most = choice_slider(
            selection,
            "beta_to",
            "β and constant λ up to",
            default=1.0 if settings.is_linear else 2.0,
            low=0.5,
            high=4.0,
            step=0.5,
            page="lines",
            width=180,
        )
        recipes = sweep_recipes(
            settings.recipe, settings.scale, settings.profile, betas_up_to(most), lambdas_up_to(most)
        )
        batch = measured_runs(
            diagnosis,
            "lines.sweep",
            recipes,
            what=f"{len(recipes)} merges",
            costs=f"Each is evaluated on {diagnosis.sample.in_words}.",
        )
        results = batch.results
        if not results:
            st.caption(
                f"The chart will show the mean accuracy of LiNeS at {N_BETAS} values of β, beside "
                "constants λ, those of equal size among them, and the reversed ramp."
            )
            return
        best, constant = best_of(results, Kind.LINES), best_constant(results)
        words = point_words(recipes)
        point = words.get(selection.one_of(_POINT, list(words)) or "")
        chart(
            "lines.betas",
            sweep_figure(
                [SweepCurve(**curve) for curve in sweep_curves(results)],
                tab_palette(),
                label=f"β, at α = {settings.alpha:.3g}",
                best=None if best is None else best.beta,
                alike=() if best is None else best.alike,
                best_name="" if best is None else f"best of {best.n_tried}",
                marked=settings.scale.beta if 0 <= settings.scale.beta <= most else None,
                chosen=point,
                level=None if constant is None else constant[1],
            ),
            takeaway=sweep_takeaway(results),
            cannot_say=f"Mean accuracy on {diagnosis.sample.in_words}, with its 95 % bootstrap interval. "
            "Whether two intervals overlap decides nothing: differences are paired image by image. Grey "
            "band: no significant difference from the best β. It and the best constant (dashed) look "
            "slightly too good, as they were chosen on these images. The reversed ramp gives the shallow "
            "blocks what LiNeS gives the deep ones.",
            rows=lambda: sweep_rows(results),
            on_click=lambda clicked: selection.take({_POINT: str(clicked["customdata"])}),
            legend=_key(None if constant is None else constant[0]),
        )
        st.caption(as_shown(best_caption(results)))
        points = {word: (point_name(one), recipes[one]) for word, one in words.items()}
        point_to_lab(lab, selection, _POINT, points, key="lines.sweep.open")


def _key(level: str | None) -> str:
    dashed = "" if level is None else f'<span><i class="dashed"></i>{level}</span>'
    return f"""
<div class="tauscope-key">
  <span><i class="dot"></i>LiNeS</span>
  <span><i class="dotted"></i>constant λ of equal size</span>
  {dashed}
  <span><i class="diamond"></i>reversed ramp</span>
</div>
"""
