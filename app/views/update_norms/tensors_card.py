"""Card of Update norms: the tensors of the chosen layer that changed most."""

from typing import Any

import streamlit as st

from analysis.weights.statistics import Statistics
from app.session.diagnosis import Diagnosis
from app.views.update_norms.tensors import (
    MovedTensor,
    moved_tensors,
    tensor_cells,
    tensor_row,
    tensors_takeaway,
)
from app.widgets.chart_card import card, csv_button
from app.widgets.chosen_layer import no_weights, where
from app.widgets.look import as_shown

TENSOR = "tensor"
"""Word of the tensor in focus on this page."""

_MOST = 200
"""Tensors listed."""


def tensors_card(diagnosis: Diagnosis, tensors: tuple[MovedTensor, ...], chosen: MovedTensor | None) -> None:
    """List the tensors of the chosen layer; a chosen row is the tensor of the cards below."""
    selection = diagnosis.selection
    whose = "average task" if selection.task is None else f"'{selection.task}'"
    with card("norms.tensors", f"Most-changed tensors, {where(diagnosis)}, {whose}"):
        if not tensors:
            no_weights(diagnosis)
            return
        takeaway = tensors_takeaway(tensors, where(diagnosis), selection.task)
        st.markdown(f"**{as_shown(takeaway)}**")
        listed = tensors[:_MOST]
        key = f"norms.tensors.{selection.revision}"

        def picked() -> None:
            rows = st.session_state[key]["selection"]["rows"]
            if rows:
                selection.take({TENSOR: listed[rows[0]].word})

        st.dataframe(
            [tensor_cells(one, with_layer=selection.place is None) for one in listed],
            key=key,
            on_select=picked,
            selection_mode="single-row",
            selection_default={"selection": {"rows": [listed.index(chosen)] if chosen in listed else []}},
            hide_index=True,
            height=338,
            placeholder="–",
            column_config=_columns(),
            alt=takeaway,
        )
        more = f" Listed: the first {_MOST} of {len(tensors)}." if len(tensors) > _MOST else ""
        st.caption(
            "Relative: ‖τ‖₂ / ‖θ₀‖₂, or – where the base is almost 0. Share: of the squared update of all "
            f"these tensors.{more} Choose a row to see its spectrum and its single weights below."
        )
        csv_button("norms.tensors", [tensor_row(one) for one in tensors], is_quiet=True)


def chosen_tensors(diagnosis: Diagnosis, statistics: Statistics) -> tuple[MovedTensor, ...]:
    """The tensors of the chosen layer and component, the one changed most first."""
    selection = diagnosis.selection
    return moved_tensors(
        statistics,
        diagnosis.bench.zoo.task_vectors.layout,
        place=selection.place,
        component=selection.component,
        task=selection.task,
    )


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "tensor": column.TextColumn("Tensor", width="medium"),
        "relative": column.NumberColumn("Relative", format="%.2f %%", width="small"),
        "rms": column.NumberColumn("RMS", format="%.2e", width="small"),
        "share": column.ProgressColumn("Share", format="%.2f %%", min_value=0, max_value=100, width="small"),
        "base": column.NumberColumn("Base RMS", format="%.2e", width="small"),
        "n": column.NumberColumn("Weights", format="localized", width="small"),
    }
