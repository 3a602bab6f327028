"""Start, stop and resume measurements that fill a chart."""

from typing import Any

import streamlit as st

from app.work.batch import Filling


def filling_controls(filling: Filling[Any, Any], *, key: str, what: str, costs: str = "") -> None:
    """Draw how far the measurements are, and the button that starts, stops or resumes them.

    Args:
        filling: With its plan made.
        key: Beginning of the button's key.
        what: What is measured, such as "28 pairs".
        costs: What it takes, for a person who has not started yet.
    """
    done, total = filling.n_known, len(filling.cells)
    with st.container(horizontal=True, vertical_alignment="center", key=f"{key}.controls"):
        if filling.is_running:
            st.button("Stop", key=f"{key}.stop", icon=":material/stop_circle:", on_click=filling.stop)
            st.progress(done / max(total, 1), text=f"{done} of {total} measured")
        elif filling.is_full:
            st.caption(f":material/check: {what}, all measured")
        else:
            st.button(
                "Resume" if done else "Measure",
                key=f"{key}.start",
                type="primary",
                icon=":material/play_arrow:",
                on_click=filling.start,
                args=(f"Measuring {what}",),
            )
            st.caption(f"{done} of {total} measured" if done else f"{what}, not measured yet. {costs}")
    if filling.notice is not None:
        st.error(filling.notice, icon=":material/error:")
