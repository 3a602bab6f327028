"""Where this user's results live."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path


def cache_folder(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """The folder that ``TAUSCOPE_CACHE`` names, else the platform's own place for caches.

    >>> cache_folder({"TAUSCOPE_CACHE": "/data/tauscope"}).as_posix()
    '/data/tauscope'
    """
    if chosen := environment.get("TAUSCOPE_CACHE"):
        return Path(chosen).expanduser()
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "tauscope"
    if platform == "win32":
        return Path(environment.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "tauscope"
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "tauscope"
