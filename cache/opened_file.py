"""Files as they were when they were opened: whoever reads one that has changed since is told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from cache.contents import Contents, Format, Span
from cache.errors import CheckpointError
from cache.formats import FORMATS
from cache.reading import Landing, fill, read_file
from cache.recognised import require_no_other_file, require_whole_weights
from cache.recognised.other_files import N_BYTES
from cache.regular_files import open_regular, unreadable
from cache.sound_tensors import require_sound

Stamp = tuple[int, int, int]
"""Size in bytes, time of the last change in nanoseconds, and number on its disk."""


@dataclass(slots=True)
class OpenedFile:
    """One of a checkpoint's files, as it was when it was opened."""

    path: Path
    stamp: Stamp
    """As it was then."""
    digest: str | None = None
    """Fingerprint of its content, once it was read."""

    @property
    def n_bytes(self) -> int:
        """Its size."""
        return self.stamp[0]

    @contextmanager
    def unchanged(self) -> Iterator[None]:
        """Refuse what was read inside if the file is not the one that was opened.

        Raises:
            CheckpointError: It is shorter, or was written or replaced.
            FileError: It cannot be read.
        """
        changed = f"'{self.path.name}' changed on disk after it was opened; open it again."
        try:
            yield
            stamp = _stamp(self.path)
        except EOFError as error:
            raise CheckpointError(changed) from error
        except OSError as error:
            raise unreadable(self.path, error) from error
        if stamp != self.stamp:
            raise CheckpointError(changed)

    def values(self, span: Span) -> Tensor:
        """One tensor on the CPU, in its own shape and dtype.

        Raises:
            CheckpointError: The file changed.
        """
        values = torch.empty(span.n_values, dtype=span.dtype)
        with self.unchanged(), open_regular(self.path) as file:
            fill(file, values.view(torch.uint8).numpy().data, span.start)
        if span.strides is None:
            return values.reshape(span.shape)
        return values.as_strided(span.shape, span.strides).contiguous()

    def read(self, landings: Sequence[Landing]) -> str:
        """Read the whole file once, and return its digest.

        Args:
            landings: Who wants which of its values.

        Raises:
            CheckpointError: The file changed.
        """
        with self.unchanged():
            self.digest = read_file(self.path, self.n_bytes, landings)
        return self.digest


def open_file(
    path: Path, key: str, *, is_part: bool, is_adapter: bool
) -> tuple[OpenedFile, Format, Contents]:
    """Recognise a file's format, and read and check its table of contents.

    Args:
        path: The file.
        key: Under which a file that holds more keeps the model; "" for where models usually lie.
        is_part: Whether the model has more files.
        is_adapter: Whether an adapter is meant.

    Raises:
        FileError: The file cannot be read.
        CheckpointError: It is empty, in no known format, another kind of file, or contradicts itself.
    """
    with open_regular(path) as file:
        try:
            stamp = _stamp(path)
            head = file.read(N_BYTES)
            if not head:
                raise CheckpointError(f"'{path.name}' is empty; copy or download it again.")
            require_no_other_file(path, head)
            format_ = _format_of(path, head)
            contents = _contents(path, format_, key)
        except OSError as error:
            raise unreadable(path, error) from error
    for name, span in contents.spans.items():
        require_sound(path, name, span)
    require_whole_weights(path, contents.spans, is_part=is_part, is_adapter=is_adapter)
    return OpenedFile(path, stamp), format_, contents


def _contents(path: Path, format_: Format, key: str) -> Contents:
    if not key:
        return format_.read_contents(path)
    if format_.read_part is None:
        raise CheckpointError(
            f"'{path.name}' is one model, so '#{key}' names no part of it; name the file alone."
        )
    return format_.read_part(path, key)


def _format_of(path: Path, head: bytes) -> Format:
    """The format whose beginning fits, then whose name does: a zip archive alone may be of several."""

    def fits(format_: Format) -> int:
        return 2 * format_.begins(head) + (path.suffix in format_.suffixes)

    best = max(FORMATS, key=fits)
    if not fits(best):
        known = " or ".join(format_.name for format_ in FORMATS)
        raise CheckpointError(f"'{path.name}' is not a checkpoint in a format read here ({known}).")
    return best


def _stamp(path: Path) -> Stamp:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino
