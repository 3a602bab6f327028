"""Card: one task class by class, what the merge gets right and what it confuses."""

import streamlit as st

from app.figures.layout import CONFIG
from app.session.lab import Lab
from app.views.merge_lab.class_bars import class_rows
from app.views.merge_lab.class_bars_figure import class_bars_figure
from app.views.merge_lab.confusion_card import confusion_tab
from app.views.merge_lab.task import TaskAnswers, task_answers, task_takeaway
from app.widgets.look import as_shown, called, tab_palette


def task_card(lab: Lab) -> None:
    """Draw the chosen task against the pinned run, or against zero-shot without one."""
    sets = lab.bench.setup.eval_sets["val"]
    if lab.results.shown is None or not sets:
        return
    with st.container(border=True, key="merge_lab.task_card"):
        title, menu = st.columns([3, 2], vertical_alignment="center", wrap=False)
        title.markdown("**Class by class**")
        tasks = list(sets)
        lab.task = menu.selectbox(
            "Task",
            tasks,
            index=tasks.index(lab.task) if lab.task in tasks else 0,
            format_func=called(),
            key=f"merge_lab.task.{lab.task_revision}",
            label_visibility="collapsed",
        )
        answers = task_answers(lab.results, lab.task)
        if answers is None:
            return
        if answers.theirs is not None:
            st.markdown(as_shown(task_takeaway(answers)))
        classes = sets[lab.task].classes
        bars, matrix = st.tabs(["Accuracy", "Confusion"], key="merge_lab.task_tabs", on_change="rerun")
        if bars.open:
            with bars:
                _accuracy_tab(answers, classes)
        if matrix.open:
            with matrix:
                confusion_tab(answers, classes)


def _accuracy_tab(answers: TaskAnswers, classes: tuple[str, ...]) -> None:
    st.plotly_chart(
        class_bars_figure(
            class_rows(answers.mine, answers.theirs, classes),
            tab_palette(),
            baseline_name=answers.baseline,
            is_pinned=answers.is_pinned,
        ),
        key="merge_lab.classes",
        config=CONFIG,
        theme=None,
        alt=f"Accuracy by class of {answers.mine.task}",
    )
    st.caption(
        f"Bars: this merge with 95 % Wilson intervals, about {len(answers.mine.labels) // len(classes)} "
        f"images per class. {'Diamonds' if answers.is_pinned else 'Ticks'}: {answers.baseline}."
    )
