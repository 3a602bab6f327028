"""Page: move a slider, see what the merged model gets right."""

import streamlit as st

from app.registry import Page
from app.services.jobs import Job, JobState
from app.services.lab import Lab
from app.widgets.held_out_card import held_out_card
from app.widgets.lab_header import lab_header
from app.widgets.open_zoo import open_lab
from app.widgets.recent_card import recent_card
from app.widgets.recipe_form import recipe_form
from app.widgets.recipe_link import follow_link, write_link
from app.widgets.results_card import results_card
from app.widgets.strip_card import strip_card
from app.widgets.summary_card import summary_card
from app.widgets.task_card import task_card

POLL = 0.1
"""Seconds between two looks at a measurement under way."""

GLANCE = 0.5
"""Seconds between two looks at work nobody waits for."""


def render() -> None:
    """Draw the page; everything that measures happens in the worker."""
    lab = open_lab()
    follow_link(lab)
    lab.collect()
    lab.measure_if_needed()
    write_link(lab)
    lab_header(lab)
    if lab.notice is not None:
        st.error(lab.notice, icon=":material/error:")
    with st.container(key="page"):
        recipe, results = st.columns([3, 8])
        with recipe:
            recipe_form(lab)
        with results:
            pace = POLL if lab.is_busy() else GLANCE if lab.is_filling() else None
            st.fragment(_results, run_every=pace)(lab)


def _results(lab: Lab) -> None:
    if lab.collect():
        st.rerun()
    _busy(lab)
    with st.container(key="results"):
        middle, right = st.columns([5, 3])
        with middle:
            results_card(lab)
            task_card(lab)
        with right:
            summary_card(lab)
            held_out_card(lab)
            strip_card(lab)
            recent_card(lab)


def _busy(lab: Lab) -> None:
    """What runs, how far, and a way to stop it; the line keeps its height when nothing does."""
    with st.container(horizontal=True, vertical_alignment="center", height=34, border=False, key="busy"):
        job: Job[object] | None = lab.ordered or lab.job  # type: ignore[assignment]
        if job is None:
            return
        fraction, note = job.progress
        waiting = {JobState.QUEUED: "waiting for its turn", JobState.STOPPING: "stopping"}.get(
            job.state, note
        )
        st.progress(fraction or 0.0, text=f"{job.label}: {waiting}" if waiting else job.label)
        st.button(
            "Stop", key="merge_lab.stop", icon=":material/stop_circle:", on_click=lab.stop, type="tertiary"
        )


PAGE = Page("Merge lab", section="Merge", order=10, icon=":material/tune:", render=render, is_default=True)
