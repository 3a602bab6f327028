"""The line above the results: what runs and how far, else what the numbers below are measured on."""

from typing import Any

import streamlit as st

from app.session.lab import Lab
from app.views.merge_lab.status import measured_on
from app.widgets.job_progress import job_progress, stop_button
from app.widgets.look import as_shown
from app.work.jobs import JobState


def status_line(lab: Lab) -> Any:
    """Draw the line with a way to stop what is under way, and return the place of its text."""
    with st.container(horizontal=True, vertical_alignment="center", height=36, border=False, key="status"):
        place = st.container()
        stop_button(lab.stop if lab.awaited else None, key="merge_lab.stop")
    return place


def status_text(lab: Lab) -> None:
    """Draw the job that is under way, or where the numbers come from."""
    jobs = lab.awaited
    if jobs:
        job_progress(next((job for job in jobs if job.state is not JobState.QUEUED), jobs[0]))
    else:
        st.caption(as_shown(measured_on(lab.results.shown)))
