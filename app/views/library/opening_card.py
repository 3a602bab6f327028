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


def opening_card(session: Session) -> Path | None:
    """Draw the demo zoo, a folder to type, and the zoos opened before.

    Returns:
        A folder that was typed and could become a zoo.
    """
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
        folder = typed_path(typed) if typed else None
        if folder is not None:
            _open_typed(session, folder)
        others = [folder for folder in session.recent() if folder not in (session.folder, DEMO_ZOO)]
        if others:
            _pick(session, others, "Opened before", kind="recent", icon=":material/history:")
    return folder if folder is not None and session.may_build(folder) else None


def _open_typed(session: Session, folder: Path) -> None:
    """Draw what the zoo takes and the button, or the zoos below the folder, or why it cannot be opened."""
    can_open = True
    try:
        st.caption(unformatted(memory_sentence(session.zoo_file(folder), session.device)))
    except USER_ERRORS as error:
        if below := session.zoos_below(folder):
            _pick(session, below, "Zoos in this folder", kind="below", icon=":material/folder_open:")
            return
        if session.may_build(folder):
            what = "It names a pool of models; a zoo can be built from them."
            if folder.is_dir():
                what = "There is no zoo.toml in it; one can be built from what it holds."
            st.caption(what)
            return
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


def _pick(session: Session, folders: Sequence[Path], caption: str, *, kind: str, icon: str) -> None:
    st.caption(caption)
    for number, folder in enumerate(folders):
        st.button(
            unformatted(folder.name),
            key=f"library.{kind}.{number}",
            help=unformatted(str(folder)),
            type="tertiary",
            icon=icon,
            on_click=session.open,
            args=(folder,),
        )
