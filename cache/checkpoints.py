"""Checkpoints: files of named tensors, opened lazily and read once."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import prod
from pathlib import Path

import torch
from torch import Tensor

from cache.contents import Contents, Format, Span
from cache.errors import CheckpointError
from cache.formats import FORMATS
from cache.names import canonical_names
from cache.reading import Landing, fill, read_file
from cache.recognised import require_no_other_file, require_whole_weights
from cache.recognised.folder import require_no_folder
from cache.recognised.other_files import N_BYTES
from cache.regular_files import open_regular, unreadable
from cache.sound_tensors import require_few, require_sound

_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a checkpoint states about one tensor."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    source_name: str
    """As the file writes it; the canonical name may differ (`cache.names`)."""


@dataclass(slots=True, eq=False)
class Checkpoint:
    """A read-only file of tensors; nothing but its table of contents is in memory."""

    path: Path
    format: str
    entries: Mapping[str, Entry]
    """By canonical name, in the file's own order."""
    metadata: Mapping[str, str]
    """The file's own metadata, word for word."""
    notes: tuple[str, ...]
    """Where in the file these tensors were found, as sentences."""
    doubts: tuple[str, ...]
    """Which other tensors of the file may be meant, as sentences."""
    _spans: Mapping[str, Span]
    _stamp: _Stamp
    _digest: str | None = None

    def read(self, name: str) -> Tensor:
        """One tensor on the CPU, in its own shape and dtype.

        Raises:
            CheckpointError: There is no such tensor, or the file changed since it was opened.
        """
        span = self._span(name)
        values = torch.empty(span.n_values, dtype=span.dtype)
        with self._unchanged(), open_regular(self.path) as file:
            fill(file, values.view(torch.uint8).numpy().data, span.start)
        if span.strides is None:
            return values.reshape(span.shape)
        return values.as_strided(span.shape, span.strides).contiguous()

    def read_into(self, targets: Mapping[str, Tensor]) -> str:
        """Read the file once, front to back, converting the named tensors to float32 where they are wanted.

        Args:
            targets: By canonical name; float32 on the CPU, contiguous, as many values as the entry has.

        Returns:
            The file's digest.

        Raises:
            CheckpointError: A name is unknown, is not of floating point or has another number of values,
                or the file changed since it was opened.
            ValueError: A target is not contiguous float32 memory on the CPU.
        """
        landings = [
            Landing(span.start, span.dtype, target.view(-1))
            for name, target in targets.items()
            if (span := self._span_for(name, target)).strides is None
        ]
        digest = self._read_file(landings)
        for name, target in targets.items():
            if self._spans[name].strides is not None:
                target.copy_(self.read(name).view(target.shape))
        return digest

    def digest(self) -> str:
        """Fingerprint of the file's content, from one pass over it unless one was made before."""
        if self._digest is None:
            return self._read_file([])
        with self._unchanged():
            return self._digest

    def _read_file(self, landings: list[Landing]) -> str:
        with self._unchanged():
            digest = read_file(self.path, self._stamp[0], landings)
        self._digest = digest
        return digest

    @contextmanager
    def _unchanged(self) -> Iterator[None]:
        """Refuse what was read inside if the file is not the one that was opened."""
        changed = f"'{self.path.name}' changed on disk after it was opened; open it again."
        try:
            yield
            stamp = _stamp(self.path)
        except EOFError as error:
            raise CheckpointError(changed) from error
        except OSError as error:
            raise unreadable(self.path, error) from error
        if stamp != self._stamp:
            raise CheckpointError(changed)

    def _span_for(self, name: str, target: Tensor) -> Span:
        span = self._span(name)
        if not span.dtype.is_floating_point:
            raise CheckpointError(
                f"'{self.path.name}': '{name}' is {_short(span.dtype)}; weights must be of floating point."
            )
        if target.numel() != prod(span.shape):
            raise CheckpointError(
                f"'{self.path.name}': '{name}' has shape {span.shape}, expected {tuple(target.shape)}."
            )
        if target.dtype != torch.float32 or target.device.type != "cpu" or not target.is_contiguous():
            raise ValueError(f"The target of '{name}' must be contiguous float32 memory on the CPU.")
        return span

    def _span(self, name: str) -> Span:
        if name not in self._spans:
            raise CheckpointError(f"'{self.path.name}' has no tensor '{name}'.")
        return self._spans[name]


def open_checkpoint(path: Path) -> Checkpoint:
    """Open a file of tensors, reading its table of contents only.

    Args:
        path: A file in any of `cache.formats.FORMATS`.

    Raises:
        FileError: The file is missing or cannot be read.
        CheckpointError: It is empty, in no known format, or contradicts itself.
    """
    require_no_folder(path)
    with open_regular(path) as file:
        try:
            stamp = _stamp(path)
            head = file.read(N_BYTES)
            if not head:
                raise CheckpointError(f"'{path.name}' is empty; copy or download it again.")
            require_no_other_file(path, head)
            format_ = _format_of(path, head)
            contents = format_.read_contents(path)
        except OSError as error:
            raise unreadable(path, error) from error
    for name, span in contents.spans.items():
        require_sound(path, name, span)
    require_whole_weights(path, contents.spans)
    spans = _by_canonical_name(path, contents)
    sources = dict(zip(spans, contents.spans, strict=True))
    return Checkpoint(
        path=path,
        format=format_.name,
        entries={name: Entry(span.shape, span.dtype, sources[name]) for name, span in spans.items()},
        metadata=contents.metadata,
        notes=contents.notes,
        doubts=contents.doubts,
        _spans=spans,
        _stamp=stamp,
    )


def _format_of(path: Path, head: bytes) -> Format:
    """The format whose beginning fits, then whose name does: a zip archive alone may be of several."""

    def fits(format_: Format) -> int:
        return 2 * format_.begins(head) + (path.suffix in format_.suffixes)

    best = max(FORMATS, key=fits)
    if not fits(best):
        known = " or ".join(format_.name for format_ in FORMATS)
        raise CheckpointError(f"'{path.name}' is not a checkpoint in a format read here ({known}).")
    return best


def _by_canonical_name(path: Path, contents: Contents) -> dict[str, Span]:
    if not contents.spans:
        raise CheckpointError(f"'{path.name}' holds no tensors.")
    require_few(path, len(contents.spans))
    sources: dict[str, str] = {}
    for source, name in zip(contents.spans, canonical_names(contents.spans), strict=True):
        if name in sources:
            raise CheckpointError(
                f"'{path.name}': '{sources[name]}' and '{source}' both stand for '{name}'; keep one of them."
            )
        sources[name] = source
    return {name: contents.spans[source] for name, source in sources.items()}


def _stamp(path: Path) -> _Stamp:
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
