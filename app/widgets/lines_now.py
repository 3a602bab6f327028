"""Cards: the ramp over the layers' sizes, and what this very ramp scores."""

import streamlit as st

from app.figures.dumbbells import DumbbellRow, dumbbells
from app.figures.palette import palette
from app.figures.ramp import ramp
from app.services.diagnosis import Diagnosis
from app.services.lab import Lab
from app.services.lines_measured import difference
from app.services.lines_profile import (
    alpha_warning,
    columns,
    constant_of_equal_size,
    equal_size,
    profile_takeaway,
)
from app.services.runs import Run, accuracies, compare
from app.services.workbench import QUICK_SAMPLE
from app.widgets.ask import ask
from app.widgets.chart_card import card, chart
from app.widgets.lines_settings import LinesSettings
from app.widgets.navigation import go_to


def ramp_card(settings: LinesSettings, lab: Lab) -> None:
    """Draw the factors over the norm profile, before and after."""
    found = columns(settings.profile, settings.factors)
    with card("lines.ramp", "The ramp, over the size of each layer's update"):
        warning = alpha_warning(settings.profile)
        if warning is not None:
            st.warning(warning, icon=":material/warning:")
        chart(
            "lines.ramp",
            ramp(
                [column.name for column in found],
                [column.factor for column in found],
                [column.before for column in found],
                [column.after for column in found],
                palette(st.context.theme.type),
                constant=equal_size(settings.profile, settings.factors),
            ),
            takeaway=profile_takeaway(settings.profile, settings.factors, found),
            cannot_say="Grey: ‖τ‖ of the merged update before scaling, blue: after. Everything outside the "
            "blocks, ln_post and the projection included, gets α. LiNeS also changes the total size, so it "
            "is measured against the dotted constant of equal size; size is not effect.",
            rows=lambda: [
                {"layer": one.name, "factor": one.factor, "before": one.before, "after": one.after}
                for one in found
            ],
            legend=_LEGEND,
        )
        rule = settings.profile.alpha
        st.caption(
            f"α = {settings.alpha:.4g}" + ("" if rule is None else f"; by the paper's rule {rule:.4g}") + "."
        )
        if st.button("Open this ramp in the Merge lab", key="lines.open", icon=":material/tune:"):
            lab.change(settings.recipe)
            go_to("Merge lab")


def score_card(diagnosis: Diagnosis, settings: LinesSettings) -> None:
    """Draw each task's accuracy under this ramp, beside the constant of equal size."""
    bench, recipe = diagnosis.bench, settings.recipe
    constant = constant_of_equal_size(recipe, settings.profile, settings.factors)
    with card("lines.score", "What this ramp scores"):
        found = ask(
            diagnosis,
            "lines.score",
            (recipe.digest(), constant.digest()),
            lambda context: (
                bench.measure(recipe, context, n_images=QUICK_SAMPLE, kind="sweep"),
                bench.measure(constant, context, n_images=QUICK_SAMPLE, kind="sweep"),
                bench.anchors(context, split="val", n_images=QUICK_SAMPLE),
            ),
            label="Merging and evaluating",
        )
        if found is None:
            return
        run, other, anchors = found
        is_current = diagnosis.asking("lines.score").is_current
        zero_shot, tuned = accuracies(anchors.zero_shot), accuracies(anchors.fine_tuned)
        chart(
            "lines.score",
            dumbbells(
                _rows(run, other, zero_shot, tuned, is_current=is_current),
                palette(st.context.theme.type),
                recipe=run.recipe.digest(),
            ),
            takeaway=_takeaway(run, other),
            cannot_say=f"{QUICK_SAMPLE} validation images a task at most, 95 % Wilson intervals; last "
            "column: difference to the constant λ of equal ‖τ‖₂ (orange diamond) on the same images, with "
            "its own interval.",
            rows=lambda: [
                {
                    "task": score.task,
                    "n": score.n,
                    "accuracy": score.accuracy,
                    "low": score.low,
                    "high": score.high,
                    "constant": accuracies(other.predictions)[score.task],
                    "zero_shot": zero_shot.get(score.task),
                    "fine_tuned": tuned.get(score.task),
                }
                for score in run.tasks
            ],
        )


def _rows(
    run: Run, other: Run, zero_shot: dict[str, float], tuned: dict[str, float], *, is_current: bool
) -> list[DumbbellRow]:
    constant, compared = accuracies(other.predictions), compare(run, other).tasks
    return [
        DumbbellRow(
            task=score.task,
            zero_shot=zero_shot.get(score.task),
            fine_tuned=tuned.get(score.task),
            accuracy=score.accuracy,
            low=score.low,
            high=score.high,
            pinned=constant.get(score.task),
            difference=compared[score.task].paired.difference,
            difference_low=compared[score.task].paired.low,
            difference_high=compared[score.task].paired.high,
            is_clear=compared[score.task].is_clear,
            is_stale=not is_current,
        )
        for score in run.tasks
    ]


def _takeaway(run: Run, other: Run) -> str:
    found = difference(run, other)
    verdict = "above" if found.low > 0 else "below" if found.high < 0 else "not told from"
    return (
        f"Mean accuracy {run.mean.accuracy or 0.0:.1%}, {verdict} a constant λ of equal size: "
        f"{100 * found.value:+.1f} points ({100 * found.low:+.1f} to {100 * found.high:+.1f}).".replace(
            "-", "−"
        )
    )


_LEGEND = """
<div class="tauscope-key">
  <span><i class="square before"></i>before</span>
  <span><i class="square after"></i>after</span>
  <span><i class="dot"></i>factor</span>
  <span><i class="null dotted"></i>constant of equal size</span>
</div>
"""
