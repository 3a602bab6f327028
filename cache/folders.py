"""The folders of this user's results and of loops compiled for this machine."""

import atexit
import os
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from platformdirs import PlatformDirs


def cache_folder() -> Path:
    """The folder that ``TAUSCOPE_CACHE`` names, else the platform's own place for caches."""
    if chosen := os.environ.get("TAUSCOPE_CACHE"):
        with suppress(RuntimeError):  # "~nobody", where there is no such user
            return Path(chosen).expanduser()
        return Path(chosen)
    # Neither an author above our folder nor a "Cache" below it, which only Windows would get.
    return PlatformDirs("tauscope", appauthor=False, opinion=False).user_cache_path


ROOM = 32_000_000
"""Bytes that all compiled loops take at most."""


def compiled_folder(version: str) -> Path:
    """The folder of one version's compiled loops.

    In the folder of results, where the next start finds them; in a temporary one of this process where that
    one is read-only or full, since a loop that cannot be kept would not run at all.
    """
    folder = cache_folder() / "kernels" / version
    if _has_room(folder):
        return folder
    temporary = Path(mkdtemp(prefix="tauscope-kernels-"))
    atexit.register(shutil.rmtree, temporary, ignore_errors=True)
    with suppress(OSError):  # none that can be read
        shutil.copytree(folder, temporary, dirs_exist_ok=True)
    return temporary


def _has_room(folder: Path) -> bool:
    try:
        there = next(one for one in (folder, *folder.parents) if one.exists() or one.is_symlink())
        return there.is_dir() and os.access(there, os.W_OK) and shutil.disk_usage(there).free >= ROOM
    except OSError:  # a name too long, a folder that cannot be entered
        return False
