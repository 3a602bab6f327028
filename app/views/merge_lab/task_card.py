"""One task class by class: what the merge gets right, and what it takes the rest for."""

import streamlit as st

from analysis.evaluation.confusion import class_scores, confusion_difference, confusion_matrix, flips
from app.bench.evaluator import Predictions
from app.bench.runs import first, is_correct
from app.figures.layout import CONFIG
from app.figures.palette import palette
from app.session.lab import Lab
from app.views.merge_lab.class_bars_figure import ClassRow, class_bars_figure
from app.views.merge_lab.confusion_figure import confusion_figure


def task_card(lab: Lab) -> None:
    """Draw the chosen task against the pinned run, or against zero-shot without one."""
    sets = lab.bench.setup.eval_sets["val"]
    if lab.results.shown is None or not sets:
        return
    with st.container(border=True, key="merge_lab.task_card"):
        title, menu = st.columns([3, 2], vertical_alignment="center", wrap=False)
        title.markdown("**Class by class**")
        key = f"merge_lab.task.{lab.task_revision}"
        task = menu.selectbox(
            "Task",
            list(sets),
            index=_index(list(sets), lab.task),
            key=key,
            label_visibility="collapsed",
        )
        lab.task = task
        if task not in lab.results.shown.predictions:
            return
        mine = lab.results.shown.predictions[task]
        theirs, name = _baseline(lab, task)
        if theirs is not None:
            n = min(len(mine.labels), len(theirs.labels))
            mine, theirs = first(mine, n), first(theirs, n)
            changed = flips(is_correct(mine), is_correct(theirs))
            st.markdown(
                f"Against {name}, image by image: {len(changed.won)} won, {len(changed.lost)} lost of {n}."
            )
        classes = sets[task].classes
        bars, matrix = st.tabs(["Accuracy", "Confusion"], key="merge_lab.task_tabs", on_change="rerun")
        colours = palette(st.context.theme.type)
        if bars.open:
            with bars:
                rows = _class_rows(mine, theirs, classes)
                st.plotly_chart(
                    class_bars_figure(rows, colours, baseline_name=name),
                    key="merge_lab.classes",
                    config=CONFIG,
                    theme=None,
                    alt=f"Accuracy by class of {task}",
                )
                st.caption(
                    f"Bars: this merge with 95 % Wilson intervals, about {len(mine.labels) // len(classes)} "
                    f"images a class. Diamonds: {name}."
                )
        if matrix.open:
            with matrix:
                _confusion(mine, theirs, classes, name)


def _index(tasks: list[str], task: str | None) -> int:
    return tasks.index(task) if task in tasks else 0


def _baseline(lab: Lab, task: str) -> tuple[Predictions | None, str]:
    if lab.results.baseline is not None and lab.results.baseline is not lab.results.shown:
        return lab.results.baseline.predictions.get(task), "the pinned run"
    return (lab.results.anchors.zero_shot.get(task) if lab.results.anchors else None), "zero-shot"


def _class_rows(mine: Predictions, theirs: Predictions | None, classes: tuple[str, ...]) -> list[ClassRow]:
    scores = class_scores(confusion_matrix(mine.prediction, mine.labels, len(classes)))
    others = (
        None
        if theirs is None
        else class_scores(confusion_matrix(theirs.prediction, theirs.labels, len(classes)))
    )
    return [
        ClassRow(
            name=classes[score.label],
            n=score.n,
            accuracy=score.accuracy,
            low=score.low,
            high=score.high,
            baseline=None if others is None else others[score.label].accuracy,
        )
        for score in scores
    ]


def _confusion(mine: Predictions, theirs: Predictions | None, classes: tuple[str, ...], name: str) -> None:
    against = st.toggle(f"Minus {name}", key="merge_lab.confusion_difference", disabled=theirs is None)
    if against and theirs is not None:
        counts = confusion_difference(mine.prediction, theirs.prediction, mine.labels, len(classes))
    else:
        counts = confusion_matrix(mine.prediction, mine.labels, len(classes))
    st.plotly_chart(
        confusion_figure(
            counts.tolist(),
            classes,
            palette(st.context.theme.type),
            is_difference=bool(against and theirs is not None),
            baseline_name=name,
        ),
        key="merge_lab.confusion",
        config=CONFIG,
        theme=None,
        alt="Confusion matrix: true classes downwards, chosen classes across",
    )
    st.caption("True class downwards, chosen class across, in images.")
