"""The app on a port of its own, as visitors reach it, with an empty cache."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

import psutil

_ROOT = Path(__file__).parents[1]
_PATIENCE = 120
"""Seconds in which the server must answer."""


class Served(NamedTuple):
    """A running server."""

    address: str
    process: psutil.Process

    def memory(self) -> int:
        """Resident bytes."""
        return int(self.process.memory_info().rss)


@contextmanager
def served(zoo: Path, cache: Path) -> Iterator[Served]:
    """Serve a zoo until the block ends.

    Args:
        zoo: Its folder.
        cache: Folder of the results; empty for a first visit.
    """
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    arguments = [sys.executable, "-m", "streamlit", "run", "app/main.py", "--server.headless", "true"]
    environment = os.environ | {
        "TAUSCOPE_ZOO": str(zoo),
        "TAUSCOPE_CACHE": str(cache),
        "TAUSCOPE_MEASURE_AGAIN": "1",
    }
    with (cache.parent / "server.log").open("w") as log:
        process = subprocess.Popen(
            [*arguments, "--server.port", str(port)], cwd=_ROOT, env=environment, stdout=log, stderr=log
        )
    address = f"http://localhost:{port}"
    try:
        _wait_for(address)
        yield Served(address, psutil.Process(process.pid))
    finally:
        process.terminate()
        process.wait(_PATIENCE)


def _wait_for(address: str) -> None:
    end = monotonic() + _PATIENCE
    while monotonic() < end:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except (URLError, OSError):
            sleep(0.1)
    raise TimeoutError(f"No answer from {address} in {_PATIENCE} seconds; its log is beside the cache.")
