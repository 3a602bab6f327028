"""Accuracy of every task between zero-shot and fine-tuned, as it comes in."""

from functools import partial
from typing import Literal

import streamlit as st

from analysis.evaluation.scores import TaskScore
from analysis.merge.registry import Identity
from app.bench.identities import Verdict
from app.bench.runs import Comparison, accuracies, first
from app.figures.dumbbells import DumbbellRow, dumbbells
from app.figures.layout import CONFIG
from app.figures.palette import palette
from app.session.asked_for import scores_so_far
from app.session.lab import Lab
from app.views.merge_lab.results import against_baseline, between_anchors
from app.words.numbers import fixed, percent

_KEY = "merge_lab.dumbbells"
_IDENTITIES = {
    Identity.ZERO_SCALING_IS_BASE: "λ = 0 is the base",
    Identity.ONE_TASK_IS_FINE_TUNED: "one task is its model",
}

_BADGES: dict[Verdict, tuple[Literal["blue", "red", "gray"], str]] = {
    Verdict.VERIFIED: ("blue", ":material/check:"),
    Verdict.FAILED: ("red", ":material/error:"),
    Verdict.NOT_APPLICABLE: ("gray", ":material/remove:"),
}


def results_card(lab: Lab) -> None:
    """Draw the card; scores of a measurement under way replace the last ones task by task."""
    comparison = lab.results.comparison()
    with st.container(border=True, key="merge_lab.results_card"):
        st.markdown("**Accuracy per task**")
        if not lab.bench.largest_sample("val"):
            _nothing_to_evaluate(lab)
            return
        st.markdown(_takeaway(lab, comparison))
        st.html(_LEGEND)
        rows = dumbbell_rows(lab, comparison)
        st.plotly_chart(
            dumbbells(rows, palette(st.context.theme.type), chosen=lab.task, recipe=lab.recipe.digest()),
            key=_KEY,
            on_select=partial(_row_clicked, lab),
            selection_mode="points",
            config=CONFIG,
            theme=None,
            alt=_spoken(rows),
        )
        st.caption(_caption(lab))
        _badges(lab)
        table = st.expander("As a table", key="merge_lab.table", on_change="rerun")
        if table.open:
            table.table(_table(rows))
        for name, reason in lab.bench.setup.skipped["val"].items():
            st.caption(f":material/visibility_off: {name} is not evaluated: {reason}.")


def dumbbell_rows(lab: Lab, comparison: Comparison | None) -> list[DumbbellRow]:
    """One row a task, then one a control: the newest score there is, and what it lies between."""
    running = {score.task: score for score in scores_so_far(lab.measuring)}
    run, anchors = lab.results.shown, lab.results.anchors
    shown = {} if run is None else {one.task: one for one in (*run.tasks, *run.controls)}
    zero_shot = accuracies(anchors.zero_shot if anchors else {})
    fine_tuned = accuracies(anchors.fine_tuned if anchors else {})
    pinned = _pinned(lab)
    rows = []
    for task in lab.bench.setup.eval_sets["val"]:
        score: TaskScore | None = running.get(task, shown.get(task))
        difference = comparison.tasks.get(task) if comparison and task not in running else None
        rows.append(
            DumbbellRow(
                task=task,
                zero_shot=zero_shot.get(task),
                fine_tuned=fine_tuned.get(task),
                accuracy=None if score is None else score.accuracy,
                low=None if score is None else score.low,
                high=None if score is None else score.high,
                pinned=pinned.get(task),
                difference=None if difference is None else difference.paired.difference,
                difference_low=None if difference is None else difference.paired.low,
                difference_high=None if difference is None else difference.paired.high,
                is_clear=difference is not None and difference.is_clear,
                is_control=task not in lab.bench.tasks,
                is_stale=task not in running and not lab.is_measured,
            )
        )
    return rows


def _pinned(lab: Lab) -> dict[str, float]:
    """The pinned run's accuracies on the images the shown run saw too."""
    if lab.results.baseline is None:
        return {}
    shown = lab.results.shown.predictions if lab.results.shown is not None else {}
    sizes = {task: len(one.labels) for task, one in shown.items()}
    theirs = lab.results.baseline.predictions
    return accuracies({task: first(one, sizes.get(task, len(one.labels))) for task, one in theirs.items()})


def _takeaway(lab: Lab, comparison: Comparison | None) -> str:
    if lab.results.shown is None or lab.results.anchors is None:
        return "Measuring the base, the fine-tuned models and this merge for the first time."
    if comparison is not None:
        return against_baseline(comparison, lab.results.shown)
    return between_anchors(lab.results.shown, lab.results.anchors)


def _caption(lab: Lab) -> str:
    shown = lab.results.shown
    n = max(
        (score.n for score in (*scores_so_far(lab.measuring), *(shown.tasks if shown else ()))), default=0
    )
    said = (
        f"Track from zero-shot to fine-tuned. Dot: this merge with its 95 % Wilson interval, {n} "
        "validation images a task. Click a row for its classes."
    )
    if lab.results.baseline is not None:
        said += (
            " Last column: difference to the pinned run on the same images with its own 95 % interval; "
            "* where McNemar's test, corrected by Holm over the tasks, gives p < 0.05."
        )
    return said


def _badges(lab: Lab) -> None:
    checks = lab.identities()
    with st.container(horizontal=True, gap="small"):
        if checks is None:
            st.badge("identities: not checked yet", color="gray", icon=":material/hourglass_empty:")
            return
        for check in checks:
            colour, icon = _BADGES[check.verdict]
            st.badge(
                f"{_IDENTITIES[check.identity]}: {check.verdict}", color=colour, icon=icon, help=check.reason
            )


def _row_clicked(lab: Lab) -> None:
    points = st.session_state[_KEY]["selection"]["points"]
    task: str = points[0].get("y", "") if points else ""
    if task in lab.bench.setup.eval_sets["val"]:
        lab.choose(task)


def _nothing_to_evaluate(lab: Lab) -> None:
    reasons = sorted(set(lab.bench.setup.skipped["val"].values()))
    st.info(
        f"No accuracy here: {'; '.join(reasons)}. Merging and saving work.",
        icon=":material/visibility_off:",
    )


def _spoken(rows: list[DumbbellRow]) -> str:
    said = [f"{row.task} {percent(row.accuracy, 1)}" for row in rows if row.accuracy is not None]
    return f"Accuracy of this merge: {', '.join(said) or 'not measured yet'}"


def _table(rows: list[DumbbellRow]) -> list[dict[str, str]]:
    def cell(value: float | None) -> str:
        return "–" if value is None else fixed(100 * value, 1)

    return [
        {
            "task": row.task,
            "zero-shot %": cell(row.zero_shot),
            "this merge %": cell(row.accuracy),
            "95 % from": cell(row.low),
            "to": cell(row.high),
            "fine-tuned %": cell(row.fine_tuned),
            "pinned %": cell(row.pinned),
            "difference": cell(row.difference),
            "its 95 % from": cell(row.difference_low),
            "its 95 % to": cell(row.difference_high),
        }
        for row in rows
    ]


_LEGEND = """
<div class="tauscope-key">
  <span><i class="tick zero-shot"></i>zero-shot</span>
  <span><i class="tick fine-tuned"></i>fine-tuned</span>
  <span><i class="diamond"></i>pinned run</span>
  <span><i class="dot"></i>this merge</span>
</div>
"""
