"""What relative norms do not count: tensors that start at almost 0."""

from collections.abc import Sequence

import streamlit as st

from analysis.weights.statistics import Statistics
from app.session.diagnosis import Diagnosis
from app.views.update_norms.tensors import MovedTensor, moved_tensors, tensor_name
from app.words.numbers import percent


def left_out(diagnosis: Diagnosis, statistics: Statistics) -> None:
    """List the tensors whose base is too small for a relative norm, if there are any."""
    layout, places = diagnosis.bench.zoo.task_vectors.layout, diagnosis.places
    tiny = [one for one in moved_tensors(statistics, layout) if one.relative is None]
    if not tiny:
        return
    share = sum(one.n for one in tiny) / int(statistics.sums.n.sum())
    listed = st.expander(
        f"Left out: {_count(tiny)} at almost 0 ({percent(share)} of the weights)",
        key="norms.left_out",
        on_change="rerun",
        type="compact",
    )
    if listed.open:
        listed.dataframe(
            [
                {
                    "tensor": tensor_name(one.segment),
                    "layer": one.segment.place.label,
                    "n": one.n,
                    "base RMS": one.base_rms,
                    "update RMS": one.rms,
                }
                for one in sorted(tiny, key=lambda one: places.index(one.segment.place))
            ],
            hide_index=True,
            height=260 if len(tiny) > 6 else "auto",
            column_config={
                name: st.column_config.NumberColumn(format="%.2e") for name in ("base RMS", "update RMS")
            },
        )
        listed.caption(
            "Their base RMS is at most a hundredth of the middle tensor's, so that any update is large "
            "against it. The other measures count them."
        )


def _count(tiny: Sequence[MovedTensor]) -> str:
    return "1 tensor that starts" if len(tiny) == 1 else f"{len(tiny)} tensors that start"
