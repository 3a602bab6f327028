"""The confusion matrix of the chosen task, inside its card."""

from collections.abc import Sequence

import streamlit as st

from app.figures.layout import CONFIG
from app.views.merge_lab.confusion import confusion_counts
from app.views.merge_lab.confusion_figure import confusion_figure
from app.views.merge_lab.task import TaskAnswers
from app.widgets.look import as_shown, tab_palette


def confusion_tab(answers: TaskAnswers, classes: Sequence[str]) -> None:
    """Draw the merge's matrix, or its difference to the baseline's."""
    can_subtract = answers.theirs is not None
    is_difference = (
        st.toggle(
            f"Minus {as_shown(answers.baseline)}",
            key="merge_lab.confusion_difference",
            disabled=not can_subtract,
        )
        and can_subtract
    )
    st.plotly_chart(
        confusion_figure(
            confusion_counts(answers, len(classes), is_difference=is_difference),
            classes,
            tab_palette(),
            is_difference=is_difference,
            baseline_name=answers.baseline,
        ),
        key="merge_lab.confusion",
        config=CONFIG,
        theme=None,
        alt="Confusion matrix: true classes downwards, chosen classes across",
    )
    st.caption("Rows: true class. Columns: class chosen by the merge. Cells: images.")
