"""A job on screen: what it does, how far it is, and the button that stops it."""

from collections.abc import Callable
from typing import Any, Literal

import streamlit as st

from app.session.requests import Requests
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


def awaited_progress(requests: Requests) -> None:
    """Draw the progress of the job that a tab waits for first; nothing where it waits for none."""
    for job in requests.awaited[:1]:
        job_progress(job)


def stop_button(
    on_stop: Callable[[], None] | None,
    *,
    key: str,
    kind: Literal["secondary", "tertiary"] = "tertiary",
) -> None:
    """Draw the button that stops what runs; the run of a page that no longer needs it takes it off at once.

    What a run does not draw again stays on screen until the run ends, and the run of a page that waits goes
    on: hence a place that each run draws, be it empty.

    Args:
        on_stop: Stops it; None where nothing is to be stopped.
        key: Of the button.
        kind: How it looks.
    """
    place = st.empty()
    if on_stop is not None:
        place.button("Stop", key=key, icon=":material/stop_circle:", on_click=on_stop, type=kind)
