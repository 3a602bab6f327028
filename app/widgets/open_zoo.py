"""What every page needs first: an open zoo."""

import streamlit as st

from app import resources
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.session import Visit
from app.widgets.address import follow_zoo


def current_visit() -> Visit:
    """This tab's visit, with what the worker has opened meanwhile; its first zoo is asked for at once."""
    visit = resources.visit()
    follow_zoo(visit)
    visit.collect()
    return visit


def open_zoo(visit: Visit) -> tuple[Lab, Diagnosis]:
    """This tab's lab and diagnosis; while no zoo is open, say so and end the run here."""
    if visit.lab is None or visit.diagnosis is None:
        _nothing_open(visit)
        st.stop()
    if visit.opening is not None:
        opening_status(visit)
    if visit.notice is not None:
        st.warning(visit.notice, icon=":material/warning:")
    if resources.store().notice is not None:
        st.caption(f":material/info: {resources.store().notice}")
    return visit.lab, visit.diagnosis


def opening_status(visit: Visit) -> None:
    """Say how far the zoo being opened is, with a way to stop."""

    @st.fragment(run_every=0.1)
    def status() -> None:
        opening = visit.opening
        if opening is None or not opening.is_active:
            visit.collect()
            st.rerun()
            return
        fraction, note = opening.progress
        text = f"{opening.label}: {note}" if note else opening.label
        st.progress(fraction or 0.0, text=text)
        st.button("Stop", key="open_zoo.stop", on_click=opening.cancel, icon=":material/stop_circle:")

    status()


def _nothing_open(visit: Visit) -> None:
    st.title("Tauscope")
    if visit.opening is not None:
        opening_status(visit)
        return
    if visit.notice is not None:
        st.error(visit.notice, icon=":material/error:")
    st.info("No zoo is open. Open one in the Library.", icon=":material/folder_open:")
