"""The frame of every page under Diagnose: title, selection, what runs, and the page's own cards."""

from collections.abc import Callable

import streamlit as st

from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.selection import COMPONENT, PAIR, PLACE, TASK
from app.widgets.address import follow_address, write_address
from app.widgets.current_zoo import current_session, current_zoo
from app.widgets.drawing import Drawing
from app.widgets.job_progress import awaited_progress, stop_button
from app.widgets.page_header import page_header
from app.widgets.selection_bar import selection_bar


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
    diagnosis.requests.collect()
    drawing = Drawing(diagnosis.requests)
    follow_address(lab, diagnosis.selection)
    page_header(title, question)
    with st.container(horizontal=True, vertical_alignment="bottom", key="diagnose.top"):
        selection_bar(diagnosis, page=page, shows=shows)
        status = st.container(width="stretch", height=40, border=False, key="diagnose.status")
    body(diagnosis, lab)
    write_address(session, lab, diagnosis.selection)
    with status, st.container(horizontal=True, vertical_alignment="center"):
        place = st.container()
        waiting = diagnosis.requests.waiting
        stop_button(waiting[0].stop if waiting else None, key="diagnose.stop")
    # After the body, which asks for its values.
    with place:
        drawing.follow(lambda: awaited_progress(diagnosis.requests))
