"""The place of a file that was saved, and a button that brings it to the visitor."""

from pathlib import Path

import streamlit as st

from app.words.markdown import unformatted
from cache.regular_files import open_regular

LARGEST = 1 << 30
"""Bytes of a file that may be downloaded: the server holds a copy in memory until the page is left."""


def saved_file(path: Path, *, key: str) -> None:
    """Draw where a file was saved, and a button that downloads it; a visitor may sit at another machine.

    Args:
        path: The file.
        key: Of the button.
    """
    st.success(f"Saved as {unformatted(str(path))}", icon=":material/check:")
    st.download_button(
        "Download it",
        lambda: _content(path),  # read when the button is pressed, not when it is drawn
        file_name=path.name,
        mime="application/octet-stream",
        key=key,
        icon=":material/download:",
        on_click="ignore",
        disabled=not _is_small(path),
        help=f"Files of up to {LARGEST >> 30} GB; a larger one is copied from where it was saved",
        width="stretch",
    )


def _content(path: Path) -> bytes:
    with open_regular(path, limit=LARGEST) as file:
        return file.read()


def _is_small(path: Path) -> bool:
    try:
        return path.stat().st_size <= LARGEST
    except OSError:  # moved away since
        return False
