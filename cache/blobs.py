"""Blobs: tensors kept under a key, given back exactly as they were written or not at all."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from safetensors import SafetensorError, safe_open
from torch import Tensor

from cache.errors import CacheError
from cache.regular_files import require_regular
from cache.writing import content_digest, remove_left_behind, write_safetensors

_KEY, _CONTENT = "key", "content"

_LEFT_BEHIND = re.compile(r"\..+\.tmp|\.tmp\w{6}")
"""Names of temporary files, those of the safetensors library included, which earlier versions left here."""


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
        proof = {_KEY: key, _CONTENT: content_digest(tensors)}
        write_safetensors(path, tensors, {**(metadata or {}), **proof})

    def read(self, key: str) -> dict[str, Tensor] | None:
        """The tensors kept under a key; None where there are none, or another file or a damaged one."""
        path = self._path(key)
        try:
            require_regular(path)
            with safe_open(path, "pt") as file:
                proof = file.metadata() or {}
                if proof.get(_KEY) != key:
                    return None
                tensors = {name: file.get_tensor(name) for name in file.offset_keys()}
        except (CacheError, OSError, ValueError, RuntimeError, SafetensorError):
            return None
        return tensors if content_digest(tensors) == proof.get(_CONTENT) else None

    def beginning_with(self, prefix: str) -> Iterator[tuple[str, Mapping[str, str]]]:
        """Keys that begin so, each with the text in its file's header; without files that cannot be read."""
        for path in sorted(self.folder.glob(f"{prefix}*.safetensors")):
            try:
                require_regular(path)
                with safe_open(path, "pt") as file:
                    yield path.stem, file.metadata() or {}
            except (CacheError, OSError, ValueError, RuntimeError, SafetensorError):
                continue

    def remove_left_behind(self) -> None:
        """Remove what processes that were killed left here; for the only process that writes here."""
        remove_left_behind(self.folder, _LEFT_BEHIND)

    def _path(self, key: str) -> Path:
        if not re.fullmatch(r"[0-9A-Za-z_-]+", key):
            raise ValueError(f"Blob key {key!r} must be letters, digits, '_' and '-'.")
        return self.folder / f"{key}.safetensors"
