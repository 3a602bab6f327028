"""The line in the sidebar of every page: what the worker does, whose it is, how far, how to stop it."""

from html import escape

import streamlit as st

from app.bench.measuring.restored_runs import measured_with
from app.session.session import Session
from app.widgets.job_progress import stop_button

SOON, LATER = 1.5, 5.0
"""Seconds between two looks while this tab has work under way, and while it has none."""

CROWD = 10
"""Jobs from which on every tab looks half as often."""


def work_line(session: Session) -> None:
    """Draw the line, which keeps itself up to date."""
    found = session.at_work
    pace = SOON if found is not None and found.is_mine else LATER
    if found is not None and found.n_others >= CROWD:
        pace *= 2
    with st.sidebar, st.container(key="work_line"):
        is_mine = found is not None and found.is_mine
        st.fragment(_line, run_every=pace)(session, has_stop=is_mine)
        # Outside: while another part of the page looks on, a press inside would be heard late.
        stop_button(session.stop_work if is_mine else None, key="work_line.stop", kind="secondary")
        if session.lab is not None and (shipped := session.lab.bench.history.shipped).runs:
            st.caption(
                "Charts may show results that came with the zoo, measured with "
                f"{measured_with(shipped.runs[0].record)}. The Library has a way to measure again."
            )


def _line(session: Session, *, has_stop: bool) -> None:
    found = session.at_work
    if has_stop and (found is None or not found.is_mine):
        st.rerun()  # what could be stopped has ended
    if found is None:
        st.html('<div class="tauscope-work">Nothing is being computed</div>')
        return
    # HTML: a label may hold names, which are no Markdown.
    st.html(f'<div class="tauscope-work"><b>{escape(found.what)}</b><br>{escape(found.how_far)}</div>')
