"""A job on screen: what it does and how far it is."""

from typing import Any

import streamlit as st

from app.words.markdown import unformatted
from app.work.jobs import Job, JobState


def job_progress(job: Job[Any]) -> None:
    """Draw the progress of a job that a person waits for.

    Args:
        job: Queued, running or stopping.
    """
    fraction, note = job.progress
    state = {JobState.QUEUED: "waiting for its turn", JobState.STOPPING: "stopping"}.get(job.state, note)
    st.progress(fraction or 0.0, text=unformatted(f"{job.label}: {state}" if state else job.label))
