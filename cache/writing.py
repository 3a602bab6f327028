"""Files written whole or not at all, and tensors as safetensors.

The safetensors library would write under a temporary name of its own, which a killed process leaves behind
and nobody can tell from other people's files; here there is one such name, and it is cleared away.
"""

import hashlib
import json
import os
import re
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from cache.errors import CacheError
from cache.formats.safetensors_file import DTYPES
from cache.regular_files import open_regular

if sys.platform != "win32":  # there an open file cannot be removed, which is as good as a lock
    import fcntl

_METADATA = "__metadata__"
"""The header's own key: a tensor of this name would make a file that cannot be read."""

_TEMPORARY = re.compile(r"\..+\.[0-9a-f]{16}\.tmp")
_DTYPE_NAMES = {dtype: name for name, dtype in DTYPES.items()}


def write_safetensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors as a safetensors file, whole or not at all.

    Args:
        path: The file; its folder exists.
        tensors: By name; any device, any dtype of `DTYPES`.
        metadata: Text by name, kept in the header.

    Raises:
        CacheError: The file cannot be written, or a tensor has the name that the format keeps for itself.
    """
    if _METADATA in tensors:
        raise CacheError(f"'{path}' cannot be written: no tensor or task in it can be called '{_METADATA}'.")
    with written_whole(path) as file:
        _write(file, tensors, metadata)


def write_new_text(path: Path, text: str) -> None:
    """Write a text file that is not there yet, and make its folder.

    Raises:
        FileExistsError: There is one already, which stays as it is.
        CacheError: The file cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CacheError(f"'{path}' cannot be written: {reason}.") from error


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A file to write into, which gets its name in one step when the block ends without an error.

    Whoever looks sees the old file or the whole new one, also after a crash or a power cut.

    Args:
        path: The file; its folder exists.

    Raises:
        CacheError: The file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as file:
            with suppress(OSError):  # a file system without locks
                _lock(file)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
        reason = getattr(error, "strerror", None) or error  # not the temporary name
        raise CacheError(f"'{path}' cannot be written: {reason}.") from error
    finally:
        with suppress(OSError, ValueError):  # a name that cannot be written cannot be removed either
            temporary.unlink()


def remove_left_behind(folder: Path, names: re.Pattern[str] = _TEMPORARY) -> None:
    """Remove what a process that was killed while it wrote left in a folder; what is being written stays."""
    with suppress(OSError):
        for path in folder.iterdir():
            if names.fullmatch(path.name) and not path.is_symlink():
                with suppress(OSError, CacheError):
                    with open_regular(path) as file:
                        _lock(file)
                    path.unlink()


def content_digest(tensors: Mapping[str, Tensor]) -> str:
    """Fingerprint of tensors: names, number formats, shapes and values."""
    found = hashlib.sha256()
    for name, tensor in sorted(tensors.items()):
        found.update(json.dumps([name, str(tensor.dtype), list(tensor.shape)]).encode())
        found.update(_bytes(tensor).data)
    return found.hexdigest()


def _write(file: BinaryIO, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None) -> None:
    """The header, then the widest numbers first, so that each is aligned."""
    header: dict[str, object] = {_METADATA: dict(metadata)} if metadata else {}
    in_order = sorted(tensors.items(), key=lambda item: (-item[1].dtype.itemsize, item[0]))
    start = 0
    for name, tensor in in_order:
        stop = start + tensor.numel() * tensor.dtype.itemsize
        header[name] = {
            "dtype": _DTYPE_NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [start, stop],
        }
        start = stop
    text = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    file.write(len(text).to_bytes(8, "little") + text)
    for _, tensor in in_order:
        file.write(_bytes(tensor).data)


def _bytes(tensor: Tensor) -> NDArray[Any]:
    if not tensor.numel():
        return np.zeros(0, np.uint8)
    return tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy()


def _lock(file: BinaryIO) -> None:
    """Hold a file until it is closed; raises OSError where another process holds it."""
    if sys.platform != "win32":
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened, and renaming is durable by itself
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
