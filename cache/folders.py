"""The folders of this user's results and of loops compiled for this machine."""

import atexit
import os
import shutil
from pathlib import Path
from tempfile import mkdtemp

from platformdirs import PlatformDirs


def cache_folder() -> Path:
    """The folder that ``TAUSCOPE_CACHE`` names, else the platform's own place for caches."""
    if chosen := os.environ.get("TAUSCOPE_CACHE"):
        return Path(chosen).expanduser()
    # Neither an author above our folder nor a "Cache" below it, which only Windows would get.
    return PlatformDirs("tauscope", appauthor=False, opinion=False).user_cache_path


ROOM = 32_000_000
"""Bytes that all compiled loops take at most."""


def compiled_folder(version: str) -> Path:
    """The folder of one version's compiled loops.

    In the folder of results, where the next start finds them; in a temporary one of this process while that
    disk is full, since a loop that cannot be kept would not run at all.
    """
    folder = cache_folder() / "kernels" / version
    there = next(one for one in (folder, *folder.parents) if one.exists())
    if shutil.disk_usage(there).free >= ROOM:
        return folder
    temporary = Path(mkdtemp(prefix="tauscope-kernels-"))
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    if folder.is_dir():
        shutil.copytree(folder, temporary, dirs_exist_ok=True)
    return temporary
