"""A job on screen: what it does, how far it is, and the button that stops it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from app.work.jobs import Job, JobState


def job_progress(job: Job[Any], *, key: str, on_stop: Callable[[], None]) -> None:
    """Draw the progress of a job that a person waits for.

    Args:
        job: Queued, running or stopping.
        key: Of the button.
        on_stop: Stops it.
    """
    fraction, note = job.progress
    state = {JobState.QUEUED: "waiting for its turn", JobState.STOPPING: "stopping"}.get(job.state, note)
    st.progress(fraction or 0.0, text=f"{job.label}: {state}" if state else job.label)
    st.button("Stop", key=key, icon=":material/stop_circle:", on_click=on_stop, type="tertiary")
