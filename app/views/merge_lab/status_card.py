"""The line above the results: what runs and how far, else what the numbers below are measured on."""

import streamlit as st

from app.session.lab import Lab
from app.views.merge_lab.status import measured_on
from app.widgets.job_progress import job_progress
from app.work.jobs import JobState


def status_line(lab: Lab) -> None:
    """Draw the job that is under way, with a way to stop it, or where the numbers come from."""
    with st.container(horizontal=True, vertical_alignment="center", height=36, border=False, key="status"):
        jobs = lab.awaited
        if jobs:
            job = next((job for job in jobs if job.state is not JobState.QUEUED), jobs[0])
            job_progress(job, key="merge_lab.stop", on_stop=lab.stop)
        else:
            st.caption(measured_on(lab.results.shown))
