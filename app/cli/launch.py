"""The app as a server: Streamlit replaces the process that starts it."""

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from app.errors import ZooError
from app.settings import Settings

_ROOT = Path(__file__).resolve().parents[2]
"""Folder of the repository: Streamlit reads its settings from the folder it is started in."""


def launch(chosen: Settings, *, port: int | None, opens_browser: bool) -> NoReturn:
    """Become the server.

    No second process remains: Ctrl-C, or ending this process by its id, ends the server itself.

    Args:
        chosen: Passed on in environment variables; its paths are absolute.
        port: Port of the page; None for 8501, or the next free one.
        opens_browser: Whether to open the page in a browser.

    Raises:
        ZooError: The port is taken.
    """
    options = [] if opens_browser else ["--server.headless=true"]
    if port is not None:
        _require_free(port)
        options.append(f"--server.port={port}")
    os.chdir(_ROOT)
    command = [sys.executable, "-m", "streamlit", "run", str(Path("app", "main.py")), *options]
    os.execve(sys.executable, command, {**os.environ, **chosen.environment()})


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        # As Streamlit does: a port whose last connections are still closing can be used again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError as error:
            raise ZooError(f"Port {port} cannot be used: {error.strerror}. Choose another --port.") from error
