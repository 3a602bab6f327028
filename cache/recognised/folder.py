"""Folders in place of a checkpoint: which file in them to name."""

from pathlib import Path

from cache.errors import FileError
from cache.recognised.shards import TOGETHER, parts_of

_ENDINGS = (".safetensors", ".pt", ".pth", ".bin", ".ckpt")


def require_no_folder(path: Path) -> None:
    """Refuse a folder by what is in it.

    Raises:
        FileError: It is a folder; which file to name.
    """
    try:
        inside = sorted(entry.name for entry in path.iterdir())
    except (OSError, ValueError):  # no folder, or none that can be listed: opening it states why
        return
    for name in inside:
        if name.endswith(".index.json") and len(parts := parts_of(path / name)) > 1:
            raise FileError(
                f"'{path}' cannot be read: it is a folder with a model in {len(parts)} files; {TOGETHER}."
            )
    named = next((name for ending in _ENDINGS for name in inside if name.endswith(ending)), None)
    what = f"name the checkpoint in it, such as '{named}'" if named else "name a checkpoint"
    raise FileError(f"'{path}' cannot be read: it is a folder, not a file; {what}.")
