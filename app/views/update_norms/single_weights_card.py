"""Card of Update norms: the single weights of one tensor that a task changed most."""

from typing import Any

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.views.update_norms.single_weights import (
    moved_weight_rows,
    moved_weights_takeaway,
    weights_changed_most,
)
from app.views.update_norms.tensors import MovedTensor, tensor_phrase
from app.widgets.ask import ask
from app.widgets.chart_card import card, csv_button
from app.widgets.look import as_shown


def single_weights_card(diagnosis: Diagnosis, task: str, tensor: MovedTensor) -> None:
    """List the weights of one tensor that one task changed most, and what the other tasks do there."""
    vectors = diagnosis.bench.zoo.task_vectors
    name = tensor_phrase(tensor.segment, diagnosis.places)
    with card("norms.weights", f"Most-changed weights, '{task}', {name}"):
        answer = ask(
            diagnosis,
            "norms.weights",
            weights_changed_most(vectors, task, tensor),
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
        st.markdown(f"**{as_shown(takeaway)}**")
        if not rows:
            return
        st.dataframe(rows, hide_index=True, height=338, column_config=_columns(), alt=takeaway)
        st.caption(
            f"The {len(rows)} weights that '{as_shown(task)}' changes most, and how many other tasks "
            "change them with the same sign or the opposite one. Chance: the others have one random sign on "
            "each weight; a difference from it is clear where at most 1 in 20 draws would reach it. These "
            "weights do not represent the rest: Sign conflicts counts all."
        )
        csv_button("norms.weights", rows, is_quiet=True)


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "weight": column.TextColumn("Weight", width="small"),
        "theta_0": column.NumberColumn("θ₀", format="%.4f", width="small"),
        "tau": column.NumberColumn("τ", format="%+.4f", width="small"),
        "same_way": column.NumberColumn("Same sign", width="small"),
        "other_way": column.NumberColumn("Opposite sign", width="small"),
    }
