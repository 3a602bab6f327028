"""Cards of LiNeS: the ramp over the layers' sizes, and what this very ramp scores."""

import streamlit as st

from app.figures.dumbbells import DumbbellRow, dumbbells
from app.figures.palette import palette
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.layer_scaling import layer_word
from app.views.lines.ends_card import ends
from app.views.lines.ramp import alpha_warning, columns, constant_of_equal_size, equal_size, ramp_takeaway
from app.views.lines.ramp_figure import ramp_figure
from app.views.lines.score import score_of, score_rows, score_table, score_takeaway
from app.views.lines.settings_card import LinesSettings
from app.widgets.ask import ask
from app.widgets.chart_card import card, chart
from app.widgets.navigation import go_to


def ramp_card(diagnosis: Diagnosis, settings: LinesSettings, lab: Lab) -> None:
    """Draw the factors over the norm profile, before and after, and both ends to move."""
    profile, factors = settings.profile, settings.factors
    found = columns(profile, factors)
    place = next((one for one in diagnosis.places if one.key == diagnosis.selection.place), None)
    with card("lines.ramp", "The ramp, over the size of each layer's update"):
        warning = alpha_warning(profile, settings.alpha, settings.n_tasks)
        if warning:
            st.warning(warning, icon=":material/warning:")
        ends(diagnosis.selection, settings)
        chart(
            "lines.profile",
            ramp_figure(
                [column.name for column in found],
                [column.factor for column in found],
                [column.before for column in found],
                [column.after for column in found],
                palette(st.context.theme.type),
                constant=equal_size(profile, factors),
                chosen=None if place is None else layer_word(place),
            ),
            takeaway=ramp_takeaway(profile, factors),
            cannot_say="Everything outside the blocks gets α, also ln_post and the projection behind them. "
            "LiNeS changes the size of the whole update too, hence the constant of equal size. Size is not "
            "effect: what a layer is worth is measured below.",
            rows=lambda: [
                {"layer": one.name, "factor": one.factor, "before": one.before, "after": one.after}
                for one in found
            ],
            legend=_RAMP_KEY,
        )
        if st.button("Open this ramp in the Merge lab", key="lines.open", icon=":material/tune:"):
            lab.change(settings.recipe)
            go_to("Merge lab")


def score_card(diagnosis: Diagnosis, settings: LinesSettings) -> None:
    """Draw each task's accuracy under this ramp, beside the constant of equal size."""
    bench, recipe = diagnosis.bench, settings.recipe
    constant = constant_of_equal_size(recipe, settings.profile, settings.factors)
    with card("lines.score", "What this ramp scores"):
        answer = ask(
            diagnosis, "lines.score", score_of(bench, recipe, constant), label="Merging and evaluating"
        )
        score, is_current = answer.value, answer.is_current
        if score is None:
            return
        selection, n = diagnosis.selection, max(one.n for one in score.run.tasks)
        chart(
            "lines.scores",
            dumbbells(
                [DumbbellRow(**row, is_stale=not is_current) for row in score_rows(score)],
                palette(st.context.theme.type),
                chosen=selection.task,
                recipe=score.run.recipe.digest(),
            ),
            takeaway=score_takeaway(score),
            cannot_say=f"A quick look, {n} validation images a task. Track from zero-shot to fine-tuned; "
            "dot: this ramp, with its 95 % Wilson interval. Last column: difference to the constant on the "
            "same images, with its own interval; * where McNemar's test, corrected by Holm over the tasks, "
            "gives p < 0.05.",
            rows=lambda: score_table(score),
            on_click=lambda point: (
                selection.choose_task(point["y"]) if point["y"] in selection.tasks else None
            ),
            is_stale=not is_current,
            legend=_SCORE_KEY,
        )


_RAMP_KEY = """
<div class="tauscope-key">
  <span><i class="square before"></i>‖τ‖ before scaling</span>
  <span><i class="square after"></i>after</span>
  <span><i class="dot"></i>factor (right axis)</span>
  <span><i class="dotted"></i>constant of equal size</span>
</div>
"""

_SCORE_KEY = """
<div class="tauscope-key">
  <span><i class="tick zero-shot"></i>zero-shot</span>
  <span><i class="tick fine-tuned"></i>fine-tuned</span>
  <span><i class="dot"></i>this ramp</span>
  <span><i class="diamond"></i>constant λ of equal size</span>
</div>
"""
