"""What relative norms do not count: tensors that start at almost 0."""

import numpy as np
import streamlit as st

from analysis.statistics import Statistics
from app.services.moved_tensors import tensor_name
from app.services.norm_units import percent
from app.services.update_norms import tiny_tensors


def left_out(statistics: Statistics) -> None:
    """List the tensors whose base is too small for a relative norm."""
    tiny = tiny_tensors(statistics)
    if not tiny.any():
        return
    n = int(tiny.sum())
    weights = int(statistics.sums.n[tiny].sum())
    share = weights / int(statistics.sums.n.sum())
    listed = st.expander(
        f"Left out: {n} tensors that start at almost 0 ({percent(share)} of the weights)",
        key="norms.left_out",
        on_change="rerun",
        type="compact",
    )
    if listed.open:
        sums = statistics.sums
        listed.dataframe(
            [
                {
                    "tensor": segment.parameter if segment.layer is None else tensor_name(segment),
                    "layer": segment.place.label,
                    "n": segment.n_weights,
                    "base RMS": float(np.sqrt(sums.base_l2_squared[index] / segment.n_weights)),
                    "update RMS, largest of the tasks": float(
                        np.sqrt(np.diagonal(sums.gram[index]).max() / segment.n_weights)
                    ),
                }
                for index, segment in enumerate(statistics.segments)
                if tiny[index]
            ],
            hide_index=True,
            height=260 if n > 6 else "auto",
            column_config={
                name: st.column_config.NumberColumn(format="%.2e")
                for name in ("base RMS", "update RMS, largest of the tasks")
            },
        )
        listed.caption(
            "Their base RMS is at most a hundredth of the middle tensor's, so that any update is large "
            "against it. The other measures count them."
        )
