"""The frame of every page under Diagnose: title, selection, what runs, and the page's own cards."""

from collections.abc import Callable

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import COMPONENT, PAIR, PLACE, TASK
from app.widgets.address import follow_address, write_address
from app.widgets.current_zoo import current_session, current_zoo
from app.widgets.job_progress import job_progress
from app.widgets.page_header import page_header
from app.widgets.selection_bar import selection_bar

POLL = 0.15
"""Seconds between two looks at what a person waits for."""

GLANCE = 1.0
"""Seconds between two looks at measurements in the background."""


def diagnose_page(
    title: str,
    question: str,
    body: Callable[[Diagnosis, Lab], None],
    *,
    page: str,
    shows: tuple[str, ...] = (TASK, PAIR, PLACE, COMPONENT),
) -> None:
    """Draw a page.

    Args:
        title: Its name.
        question: What it answers, in one line.
        body: Draws its cards; asks the worker for what they need and never computes itself.
        page: Beginning of its inputs' keys.
        shows: Parts of the selection it uses.
    """
    session = current_session()
    lab, diagnosis = current_zoo(session)
    follow_address(lab, diagnosis.selection)
    diagnosis.requests.collect()
    page_header(title, question)
    with st.container(horizontal=True, vertical_alignment="bottom", key="diagnose.top"):
        selection_bar(diagnosis, page=page, shows=shows)
        status = st.container(width="stretch", height=40, border=False, key="diagnose.status")
    body(diagnosis, lab)
    write_address(session, lab, diagnosis.selection)
    # After the body, which asks for its values.
    requests = diagnosis.requests
    pace = POLL if requests.waiting or requests.is_looking_up else GLANCE if requests.is_measuring else None
    with status:
        st.fragment(_status, run_every=pace)(diagnosis)


def _status(diagnosis: Diagnosis) -> None:
    """What runs, how far, and a way to stop it; the page is drawn again when something has come in."""
    if diagnosis.requests.collect():
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        for request in diagnosis.requests.waiting[:1]:
            if (job := request.job) is not None:
                job_progress(job, key="diagnose.stop", on_stop=request.stop)
