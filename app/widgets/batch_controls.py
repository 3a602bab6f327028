"""Progress of the measurements that fill a chart, and the button that starts, stops or resumes them."""

from typing import Any

import streamlit as st

from app.work.batch import Batch


def batch_controls(batch: Batch[Any, Any], *, key: str, what: str, costs: str = "") -> None:
    """Draw how far the measurements are, and the button that starts, stops or resumes them.

    Args:
        batch: With its plan made.
        key: Beginning of the button's key.
        what: What is measured, such as "28 pairs".
        costs: What they take, shown before they are started.
    """
    done, total = batch.n_known, len(batch.names)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}.controls"):
        if batch.is_running:
            st.button("Stop", key=f"{key}.stop", icon=":material/stop_circle:", on_click=batch.stop)
            st.progress(done / max(total, 1), text=f"{done} of {total} measured")
        elif batch.is_full:
            st.caption(f":material/check: {what}, all measured")
        else:
            st.button(
                "Resume" if done else "Measure",
                key=f"{key}.start",
                type="primary",
                icon=":material/play_arrow:",
                on_click=batch.start,
                args=(f"Measuring {what}",),
            )
            st.caption(f"{done} of {total} measured" if done else f"{what}, not measured yet. {costs}")
    if batch.notice is not None:
        st.error(batch.notice, icon=":material/error:")
