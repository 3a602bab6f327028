"""Page: the open zoo, what is in it, and how to open another."""

import streamlit as st

from app.views.library.building_card import building_card
from app.views.library.contents_card import contents_card
from app.views.library.opening_card import opening_card
from app.views.library.shipped_card import shipped_card
from app.widgets.current_zoo import current_session, history_notice, opening_status
from app.widgets.page_header import page_header
from app.words.markdown import unformatted


def render() -> None:
    """Draw the page."""
    session = current_session()
    page_header(
        "Library", "A zoo is a base model and models fine-tuned from it; every page works on the open one."
    )
    history_notice()
    with st.container(key="page"):
        left, right = st.columns([3, 7])
        with left:
            to_build = opening_card(session)
        with right:
            if session.opening is not None:
                opening_status(session)
            if session.notice is not None:
                st.error(unformatted(session.notice), icon=":material/error:")
            if to_build is not None:
                building_card(session, to_build)
            if session.lab is not None:
                contents_card(session.lab.bench, session.folder)
                shipped_card(session)
            elif session.opening is None and to_build is None:
                st.info("No zoo is open. Choose one on the left.", icon=":material/folder_open:")
