"""Card: opening another zoo."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from app.errors import USER_ERRORS
from app.session.session import Session
from app.settings import DEMO_ZOO
from app.views.library.opening import memory_sentence
from app.words.markdown import unformatted
from app.words.plain_text import sentence_of
from app.zoo.devices import available_devices
from app.zoo.typed_path import typed_path


def opening_card(session: Session) -> None:
    """Draw the demo zoo, a folder to type, and the zoos opened before."""
    with st.container(border=True, key="library.open_card"):
        st.markdown("**Open a zoo**")
        st.button(
            "The demo zoo",
            key="library.demo",
            icon=":material/category:",
            width="stretch",
            on_click=session.open,
            args=(DEMO_ZOO,),
        )
        typed = st.text_input(
            "Folder with a zoo.toml",
            key="library.folder",
            placeholder="/models/my-zoo",
            persist_state="session",
        )
        devices = available_devices()
        if len(devices) > 1:
            session.device = st.selectbox(
                "Device", devices, index=devices.index(session.device or devices[0]), key="library.device"
            )
        if typed:
            _open_typed(session, typed_path(typed))
        others = [folder for folder in session.recent() if folder not in (session.folder, DEMO_ZOO)]
        if others:
            _opened_before(session, others)


def _open_typed(session: Session, folder: Path) -> None:
    """Draw what the zoo takes, or why it cannot be opened, and the button."""
    can_open = True
    try:
        st.caption(unformatted(memory_sentence(session.zoo_file(folder), session.device)))
    except USER_ERRORS as error:
        st.error(unformatted(sentence_of(error)), icon=":material/error:")
        can_open = False
    st.button(
        "Open",
        key="library.open",
        type="primary",
        width="stretch",
        disabled=not can_open,
        on_click=session.open,
        args=(folder,),
    )


def _opened_before(session: Session, folders: Sequence[Path]) -> None:
    st.caption("Opened before")
    for number, folder in enumerate(folders):
        st.button(
            unformatted(folder.name),
            key=f"library.recent.{number}",
            help=unformatted(str(folder)),
            type="tertiary",
            icon=":material/history:",
            on_click=session.open,
            args=(folder,),
        )
