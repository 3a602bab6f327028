"""Card: accuracy of every task between zero-shot and fine-tuned, as it comes in."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import streamlit as st

from analysis.merge.registry import Identity
from app.bench.expectations import anchor_warnings
from app.bench.identities import Verdict
from app.figures.dumbbells import DumbbellRow, dumbbells
from app.figures.layout import CONFIG
from app.figures.plain_data import as_given
from app.session.asked_for import scores_so_far
from app.session.lab import Lab
from app.views.merge_lab.results import (
    accuracies_in_words,
    dumbbell_rows,
    most_images,
    results_caption,
    results_table,
    results_takeaway,
)
from app.views.merge_lab.usual_scale import one_scale_for_two
from app.widgets.drawing import nothing_new, redrawn
from app.widgets.look import as_shown, tab_palette

_KEY = "merge_lab.dumbbells"
_IDENTITIES = {
    Identity.ZERO_SCALING_IS_BASE: "λ = 0 is the base",
    Identity.ONE_TASK_IS_FINE_TUNED: "one task is its model",
}


def results_card(lab: Lab) -> Callable[[int], None]:
    """Draw one row per task; scores of a measurement under way replace the last ones task by task.

    Returns:
        Draws the chart again, with what has come in meanwhile, given how many scores that is.
    """
    comparison = lab.results.comparison()
    with st.container(border=True, key="merge_lab.results_card"):
        st.markdown("**Accuracy per task**")
        if not lab.bench.largest_sample("val"):
            _nothing_to_evaluate(lab)
            return nothing_new
        st.markdown(as_shown(results_takeaway(lab.results.shown, lab.results.anchors, comparison)))
        st.html(_legend(is_pinned=lab.results.baseline is not None))
        place = st.empty()
        rows = dumbbell_rows(lab, comparison)
        _chart(lab, rows, place, n_new=0)
        n_images = most_images(scores_so_far(lab.measuring), lab.results.shown)
        st.caption(as_shown(results_caption(n_images, is_pinned=lab.results.baseline is not None)))
        _scale_reminder(lab)
        _badges(lab)
        table = st.expander("As a table", key="merge_lab.table", on_change="rerun")
        if table.open:
            table.table(results_table(rows))
        if lab.results.anchors is not None:
            for warning in anchor_warnings(lab.bench.zoo.file, lab.results.anchors, "val"):
                st.warning(as_shown(warning), icon=":material/warning:")
        for name, reason in lab.bench.setup.skipped["val"].items():
            sentence = f"'{name}' is not evaluated: {reason}."
            st.caption(f":material/visibility_off: {as_shown(sentence)}")
    return lambda n_new: _chart(lab, dumbbell_rows(lab, comparison), place, n_new=n_new)


def _chart(lab: Lab, rows: Sequence[DumbbellRow], place: Any, *, n_new: int) -> None:
    key = redrawn(_KEY, n_new)
    place.plotly_chart(
        dumbbells(rows, tab_palette(), chosen=lab.task, recipe=lab.recipe.digest()),
        key=key,
        on_select=partial(_row_clicked, lab, key),
        selection_mode="points",
        config=CONFIG,
        theme=None,
        alt=accuracies_in_words(rows),
    )


def _scale_reminder(lab: Lab) -> None:
    shown, pinned = lab.results.shown, lab.results.baseline
    if shown is not None and pinned is not None:
        reminder = one_scale_for_two(shown.recipe, pinned.recipe)
        if reminder is not None:
            st.caption(f":material/warning: {as_shown(reminder)}")


def _badges(lab: Lab) -> None:
    """Merges whose outcome is known beforehand: each that is not as it should be, or one tick for all."""
    checks = lab.identities() or ()
    failed = [check for check in checks if check.verdict is Verdict.FAILED]
    for check in failed:
        st.badge(
            f"{_IDENTITIES[check.identity]}: {check.verdict}",
            color="red",
            icon=":material/error:",
            help=as_shown(check.reason),
        )
    held = [_IDENTITIES[check.identity] for check in checks if check.verdict is Verdict.VERIFIED]
    if held and not failed:
        st.badge(
            "Merge verified",
            color="blue",
            icon=":material/check:",
            help=f"{' and '.join(held)}: every weight compared.",
        )


def _row_clicked(lab: Lab, key: str) -> None:
    points = st.session_state[key]["selection"]["points"]
    task: str = as_given(points[0]).get("y", "") if points else ""
    if task in lab.bench.setup.eval_sets["val"]:
        lab.choose(task)


def _nothing_to_evaluate(lab: Lab) -> None:
    reasons = sorted(set(lab.bench.setup.skipped["val"].values()))
    st.info(
        as_shown(f"Accuracy cannot be measured: {'; '.join(reasons)}. Merging and saving work without."),
        icon=":material/visibility_off:",
    )


def _legend(*, is_pinned: bool) -> str:
    """The key of what is drawn, as HTML."""
    marks = {"tick zero-shot": "zero-shot", "tick fine-tuned": "fine-tuned", "dot": "this merge"}
    if is_pinned:
        marks["diamond"] = "pinned run"
    spans = [f'<span><i class="{mark}"></i>{name}</span>' for mark, name in marks.items()]
    return f'<div class="tauscope-key">{"".join(spans)}</div>'
