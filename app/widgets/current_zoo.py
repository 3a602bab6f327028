"""The open zoo of this tab, which every page needs first."""

import streamlit as st

from app import resources
from app.session.diagnosis import Diagnosis
from app.session.lab import Lab
from app.session.session import Session
from app.widgets.address import follow_zoo
from app.widgets.drawing import Drawing
from app.widgets.job_progress import job_progress, stop_button
from app.widgets.welcome import welcome
from app.words.markdown import unformatted
from app.words.plain_text import sentence


def current_session() -> Session:
    """This tab's session, with what the worker has opened meanwhile; its first zoo is asked for at once."""
    session = resources.session()
    follow_zoo(session)
    session.collect()
    return session


def current_zoo(session: Session) -> tuple[Lab, Diagnosis]:
    """This tab's lab and diagnosis; while no zoo is open, state so and end the run here."""
    if session.lab is None or session.diagnosis is None:
        _nothing_open(session)
        st.stop()
    if session.opening is not None:
        opening_status(session)
    if session.notice is not None:
        st.warning(unformatted(session.notice), icon=":material/warning:")
    history_notice()
    return session.lab, session.diagnosis


def history_notice() -> None:
    """State what is not kept for later, if anything is not."""
    if (notice := resources.store().notice) is not None:
        st.caption(f":material/info: {unformatted(sentence(notice))}")


def opening_status(session: Session, *, stays: bool = False) -> None:
    """Draw how far the zoo being opened is, with a way to stop.

    Args:
        session: Opens it.
        stays: Whether nothing else is drawn.
    """
    opening = session.opening
    if opening is None:
        return
    drawing = Drawing(session)
    place = st.container()
    stop_button(opening.cancel, key="open_zoo.stop", kind="secondary")
    with place:
        drawing.follow(lambda: job_progress(opening), stays=stays)


def _nothing_open(session: Session) -> None:
    st.title("Tauscope")
    if session.opening is not None:
        status = st.container()
        welcome()
        with status:
            opening_status(session, stays=True)
        return
    if session.notice is not None:
        st.error(unformatted(session.notice), icon=":material/error:")
    st.info("No zoo is open. Open one in the Library.", icon=":material/folder_open:")
