"""Page: move a slider, see what the merged model gets right."""

import streamlit as st

from app.bench.runs import Run
from app.registry import Page
from app.session.lab import Lab
from app.views.merge_lab.header_card import lab_header
from app.views.merge_lab.held_out_card import held_out_card
from app.views.merge_lab.recent_card import recent_card
from app.views.merge_lab.recipe_card import recipe_form
from app.views.merge_lab.results_card import results_card
from app.views.merge_lab.strip_card import strip_card
from app.views.merge_lab.summary_card import summary_card
from app.views.merge_lab.task_card import task_card
from app.widgets.address import follow_address, write_address
from app.widgets.current_zoo import current_session, current_zoo
from app.work.jobs import JobState

POLL = 0.1
"""Seconds between two looks at a measurement under way."""

GLANCE = 0.5
"""Seconds between two looks at work nobody waits for."""


def render() -> None:
    """Draw the page; everything that measures happens in the worker."""
    session = current_session()
    lab, diagnosis = current_zoo(session)
    follow_address(lab, diagnosis.selection)
    lab.collect()
    lab.measure_if_needed()
    write_address(session, lab, diagnosis.selection)
    lab_header(lab)
    if lab.notice is not None:
        st.error(lab.notice, icon=":material/error:")
    with st.container(key="page"):
        recipe, results = st.columns([3, 8])
        with recipe:
            recipe_form(lab)
        with results:
            pace = POLL if lab.awaited else GLANCE if lab.background.jobs else None
            st.fragment(_results, run_every=pace)(lab, lab.editing.revision)


def _results(lab: Lab, revision: int) -> None:
    # A recipe loaded back from here changes the inputs too, which this part of the page does not draw.
    if lab.collect() or lab.editing.revision != revision:
        st.rerun()
    _status(lab)
    summary_card(lab)
    with st.container(key="results"):
        middle, right = st.columns([5, 3])
        with middle:
            results_card(lab)
            task_card(lab)
        with right:
            held_out_card(lab)
            strip_card(lab)
            recent_card(lab)


def _status(lab: Lab) -> None:
    """What runs, how far, and a way to stop it; else what the numbers below are measured on."""
    with st.container(horizontal=True, vertical_alignment="center", height=36, border=False, key="status"):
        jobs = lab.awaited
        if not jobs:
            st.caption(_measured_on(lab.results.shown))
            return
        job = next((job for job in jobs if job.state is not JobState.QUEUED), jobs[0])
        fraction, note = job.progress
        waiting = {JobState.QUEUED: "waiting for its turn", JobState.STOPPING: "stopping"}.get(
            job.state, note
        )
        st.progress(fraction or 0.0, text=f"{job.label}: {waiting}" if waiting else job.label)
        st.button(
            "Stop", key="merge_lab.stop", icon=":material/stop_circle:", on_click=lab.stop, type="tertiary"
        )


def _measured_on(run: Run | None) -> str:
    if run is None:
        return "Nothing measured yet."
    times = f"merged in {1000 * run.merge_seconds:.0f} ms, evaluated in {run.evaluate_seconds:.2f} s"
    if run.from_history:
        return f"Known from before, when it was {times}"
    if not run.tasks:
        return times.capitalize()
    return f"Validation, {max(score.n for score in run.tasks)} images a task · {times}"


PAGE = Page("Merge lab", section="Merge", order=10, icon=":material/tune:", render=render, is_default=True)
