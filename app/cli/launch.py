"""The app as a server: Streamlit replaces the process that starts it."""

import os
import socket
import sys
from pathlib import Path
from typing import NoReturn

from app.cli.options import notify
from app.errors import ZooError
from app.settings import Settings, is_this_machine

_ROOT = Path(__file__).resolve().parents[2]
"""Folder of the repository: Streamlit reads its settings from the folder it is started in."""


def launch(chosen: Settings, *, host: str, port: int | None, opens_browser: bool) -> NoReturn:
    """Become the server.

    No second process remains: Ctrl-C, or ending this process by its id, ends the server itself.

    Args:
        chosen: Passed on in environment variables; its paths are absolute.
        host: Address served at; one that others reach is announced with what they may do.
        port: Port of the page; None for 8501, or the next free one.
        opens_browser: Whether to open the page in a browser.

    Raises:
        ZooError: The machine has no such address, or the port is taken.
    """
    options = [f"--server.address={host}"]
    if not host:  # to Streamlit: every network of this machine
        raise ZooError("--host is empty; give an address of this machine, 0.0.0.0 for every network.")
    _require_free(host, 0)
    if not opens_browser:
        options.append("--server.headless=true")
    if port is not None:
        _require_free(host, port)
        options.append(f"--server.port={port}")
    if not is_this_machine(host):
        notify("Note", _open_to_others(chosen, host))
    os.chdir(_ROOT)
    command = [sys.executable, "-m", "streamlit", "run", str(Path("app", "main.py")), *options]
    os.execve(sys.executable, command, {**os.environ, **chosen.environment()})


def _open_to_others(chosen: Settings, host: str) -> str:
    zoos = ", ".join(dict.fromkeys(f"'{folder}'" for folder in chosen.served))
    return (
        f"Whoever reaches {host} over the network can use this app without a password, open the zoos in "
        f"{zoos} and save files below '{chosen.save_to}'."
    )


def _require_free(host: str, port: int) -> None:
    """Refuse an address or a port that Streamlit could not serve at; port 0 is any."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As Streamlit does: a port whose last connections are still closing can be used again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            if port:
                message = f"Port {port} cannot be used: {reason}. Choose another --port."
            else:
                message = f"'{host}' is no address of this machine: {reason}. Choose another --host."
            raise ZooError(message) from error
