"""List of the tensors that relative norms leave out, inside a card."""

import streamlit as st

from analysis.weights.statistics import Statistics
from app.session.diagnosis import Diagnosis
from app.views.update_norms.left_out import left_out_label, left_out_rows, tensors_left_out
from app.widgets.look import as_shown


def left_out_list(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """List the tensors whose base is too small for a relative norm, if there are any."""
    tiny = tensors_left_out(statistics, diagnosis.bench.zoo.task_vectors.layout, diagnosis.places)
    if not tiny:
        return
    listed = st.expander(
        as_shown(left_out_label(tiny, int(statistics.sums.n.sum()))),
        key="norms.left_out",
        on_change="rerun",
        type="compact",
    )
    if listed.open:
        listed.dataframe(
            left_out_rows(tiny),
            hide_index=True,
            height=260 if len(tiny) > 6 else "auto",
            column_config={
                name: st.column_config.NumberColumn(format="%.2e") for name in ("base RMS", "update RMS")
            },
        )
        listed.caption(
            "Their base RMS is at most a hundredth of the median tensor's, so any update is large relative "
            "to it. The other measures count these tensors."
        )
