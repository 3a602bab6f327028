"""The folder of this user's results."""

import os
from pathlib import Path

from platformdirs import PlatformDirs


def cache_folder() -> Path:
    """The folder that ``TAUSCOPE_CACHE`` names, else the platform's own place for caches."""
    if chosen := os.environ.get("TAUSCOPE_CACHE"):
        return Path(chosen).expanduser()
    # Neither an author above our folder nor a "Cache" below it, which only Windows would get.
    return PlatformDirs("tauscope", appauthor=False, opinion=False).user_cache_path
