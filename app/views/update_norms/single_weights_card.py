"""Card of Update norms: the single weights of one tensor that a task changed most."""

from typing import Any

import streamlit as st

from analysis.weights.most_moved import MovedWeights, most_moved
from app.session.diagnosis import Diagnosis
from app.views.update_norms.single_weights import moved_weight_rows, moved_weights_takeaway
from app.views.update_norms.tensors import MovedTensor, tensor_phrase
from app.widgets.ask import ask
from app.widgets.chart_card import card
from app.words.numbers import as_csv
from app.work.jobs import JobContext
from app.work.measurement import Measurement

_MOST = 100
"""Weights listed."""


def single_weights_card(diagnosis: Diagnosis, task: str, tensor: MovedTensor) -> None:
    """List the weights of one tensor that one task changed most, and what the other tasks do there."""
    vectors, segment = diagnosis.bench.zoo.task_vectors, tensor.segment

    def work(_: JobContext) -> MovedWeights:
        inside = slice(segment.start, segment.stop)
        return most_moved(
            vectors.theta_0[inside], vectors.deltas[:, inside], task=vectors.tasks.index(task), most=_MOST
        )

    name = tensor_phrase(segment, diagnosis.places)
    with card("norms.weights", f"Most-changed weights, '{task}', {name}"):
        answer = ask(
            diagnosis,
            "norms.weights",
            Measurement((task, tensor.word), work),
            label="Finding the largest updates",
        )
        found = answer.value
        if found is None:
            return
        if not answer.is_current:  # another tensor's
            st.skeleton(height=338)
            return
        takeaway = moved_weights_takeaway(found, vectors.tasks, task)
        rows = moved_weight_rows(found, vectors.tasks, task, tensor.shape)
        st.markdown(f"**{takeaway}**")
        if not rows:
            return
        st.dataframe(rows, hide_index=True, height=338, column_config=_columns(), alt=takeaway)
        st.caption(
            f"The {len(rows)} weights that '{task}' changes most, and how many other tasks change them with "
            "the same sign or the opposite one. They do not represent the rest: Sign conflicts counts all."
        )
        st.download_button(
            "CSV",
            as_csv(rows),
            file_name="norms.weights.csv",
            mime="text/csv",
            key="norms.weights.csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
        )


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "weight": column.TextColumn("Weight", width="small"),
        "theta_0": column.NumberColumn("θ₀", format="%.4f", width="small"),
        "tau": column.NumberColumn("τ", format="%+.4f", width="small"),
        "same_way": column.NumberColumn("Same sign", width="small"),
        "other_way": column.NumberColumn("Opposite sign", width="small"),
    }
