"""Blobs: safetensors files that are either whole or not there."""

import os
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from cache.errors import CacheError, MissingFileError
from cache.regular_files import require_regular


def write_safetensors(
    path: Path, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
) -> None:
    """Write tensors under a temporary name, then give them their name in one step.

    Whoever looks sees the old file or the whole new one, also after a crash or a power cut.

    Args:
        path: The file; its folder exists.
        tensors: By name; any device and dtype.
        metadata: Text by name, kept in the header.

    Raises:
        CacheError: The file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        contiguous = {name: tensor.contiguous() for name, tensor in tensors.items()}
        temporary.touch()
        usual_mode = temporary.stat().st_mode  # safetensors would let only the owner read
        # None, not {}: of neither tensors nor metadata safetensors would write a header it cannot read.
        save_file(contiguous, temporary, metadata=dict(metadata) if metadata else None)
        temporary.chmod(usual_mode)
        with temporary.open("rb+") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)
    except (OSError, ValueError, SafetensorError) as error:  # ValueError: a NUL character in the name
        reason = getattr(error, "strerror", None) or error  # not the temporary name
        raise CacheError(f"'{path}' cannot be written: {reason}.") from error
    finally:
        with suppress(OSError, ValueError):  # a name that cannot be written cannot be removed either
            temporary.unlink()


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":  # elsewhere a folder cannot be opened, and renaming is durable by itself
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@dataclass(frozen=True, slots=True)
class BlobStore:
    """A folder of tensors by key."""

    folder: Path

    def write(
        self, key: str, tensors: Mapping[str, Tensor], metadata: Mapping[str, str] | None = None
    ) -> None:
        """Keep tensors under a key, with text in the file's header.

        Raises:
            CacheError: The file cannot be written.
        """
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CacheError(f"'{path.parent}' cannot be made: {error.strerror}.") from error
        write_safetensors(path, tensors, metadata)

    def read(self, key: str) -> dict[str, Tensor] | None:
        """The tensors kept under a key, or None.

        Raises:
            CacheError: The blob was damaged after it was written.
        """
        path = self._path(key)
        try:
            require_regular(path)
            return load_file(path)
        except MissingFileError:
            return None
        except (OSError, SafetensorError) as error:
            raise CacheError(f"'{path}' is damaged ({error}); delete it.") from error

    def _path(self, key: str) -> Path:
        if not re.fullmatch(r"[0-9A-Za-z_-]+", key):
            raise ValueError(f"Blob key {key!r} must be letters, digits, '_' and '-'.")
        return self.folder / f"{key}.safetensors"
