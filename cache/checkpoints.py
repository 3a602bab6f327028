"""Checkpoints: a model's named tensors in one file or several, opened lazily and read once."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import torch
from torch import Tensor

from cache.contents import Span
from cache.errors import CheckpointError
from cache.fingerprints import combined
from cache.model_files import model_files
from cache.naming.model_names import model_names
from cache.naming.tied import tied_names
from cache.opened_file import OpenedFile, open_file
from cache.reading import Landing, Take
from cache.sound_tensors import require_few


@dataclass(frozen=True, slots=True)
class Entry:
    """What a checkpoint states about one tensor."""

    shape: tuple[int, ...]
    dtype: torch.dtype
    sources: tuple[str, ...]
    """As the files write it; several where their rows stand one below the other (`cache.naming`)."""
    is_transposed: bool = False
    """Whether the files hold its transpose."""
    aliases: tuple[str, ...] = ()
    """Further names, in the files, of the same values."""

    def as_stored(self, values: Tensor) -> dict[str, Tensor]:
        """The tensor in the parts, and under all the names, that the files have.

        Args:
            values: Of the entry's shape.
        """
        stored = values.T.contiguous() if self.is_transposed else values
        parts = dict(
            zip(self.sources, stored.chunk(len(self.sources)) if stored.ndim else (stored,), strict=True)
        )
        return parts | {alias: parts[self.sources[0]].clone() for alias in self.aliases}


@dataclass(frozen=True, slots=True)
class _Part:
    """A tensor as one of the files holds it."""

    file: int
    span: Span


@dataclass(slots=True, eq=False)
class Checkpoint:
    """A model's tensors, read-only; nothing but the tables of contents is in memory."""

    path: Path
    """The file, or the folder that holds the files."""
    format: str
    entries: Mapping[str, Entry]
    """By canonical name, in the files' own order."""
    metadata: Mapping[str, str]
    """The files' own metadata, word for word."""
    notes: tuple[str, ...]
    """Where these tensors were found, as sentences."""
    doubts: tuple[str, ...]
    """Which other tensors may be meant, as sentences."""
    _parts: Mapping[str, tuple[_Part, ...]]
    _files: tuple[OpenedFile, ...]

    @property
    def n_bytes(self) -> int:
        """Size of the files together."""
        return sum(file.n_bytes for file in self._files)

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files."""
        return tuple(file.path for file in self._files)

    def read(self, name: str) -> Tensor:
        """One tensor on the CPU, in its own shape and dtype.

        Raises:
            CheckpointError: There is no such tensor, or a file changed since it was opened.
        """
        entry, parts = self._entry(name), self._parts[name]
        stored = [self._files[part.file].values(part.span).to(entry.dtype) for part in parts]
        values = torch.cat(stored) if len(stored) > 1 else stored[0]
        return values.T.contiguous() if entry.is_transposed else values

    def read_each(self, names: Collection[str], take: Callable[[str, int, Tensor], None]) -> str:
        """Read every file once, front to back, and hand on the named tensors' values as they come.

        Args:
            names: Canonical names.
            take: Called with a name, the number of the first of some values in the tensor read row by row,
                and the values, as `cache.reading.Take` is.

        Returns:
            The digest of the files.

        Raises:
            CheckpointError: A name is unknown or is not of floating point, or a file changed since it was
                opened.
        """
        landings: list[list[Landing]] = [[] for _ in self._files]
        apart = []
        for name in names:
            parts = self._parts[self._weights(name)]
            if self.entries[name].is_transposed or any(part.span.strides is not None for part in parts):
                apart.append(name)
                continue
            start = 0
            for part in parts:
                landing = Landing(
                    part.span.start, part.span.dtype, part.span.n_values, _taken_from(take, name, start)
                )
                landings[part.file].append(landing)
                start += part.span.n_values
        digests = [file.read(wanted) for file, wanted in zip(self._files, landings, strict=True)]
        for name in apart:
            take(name, 0, self.read(name).float().flatten())
        return self._together(digests)

    def digest(self) -> str:
        """Fingerprint of the files' content, from one pass over each unless one was made before."""
        digests = []
        for file in self._files:
            if file.digest is None:
                digests.append(file.read([]))
                continue
            with file.unchanged():
                digests.append(file.digest)
        return self._together(digests)

    def _together(self, digests: Sequence[str]) -> str:
        """A file's digest is its own; several files are known by their names and digests."""
        if len(digests) == 1:
            return digests[0]
        return combined({file.path.name: one for file, one in zip(self._files, digests, strict=True)})

    def _weights(self, name: str) -> str:
        dtype = self._entry(name).dtype
        if not dtype.is_floating_point:
            raise CheckpointError(
                f"'{self.path.name}': '{name}' is {_short(dtype)}; weights must be of floating point."
            )
        return name

    def _entry(self, name: str) -> Entry:
        if name not in self.entries:
            raise CheckpointError(f"'{self.path.name}' has no tensor '{name}'.")
        return self.entries[name]


def open_checkpoint(path: Path, key: str = "", *, is_adapter: bool = False) -> Checkpoint:
    """Open a model's tensors, reading tables of contents only.

    Args:
        path: A file in any of `cache.formats.FORMATS`, a folder with such a model, or the index of a model
            in several files.
        key: Under which a file that holds more keeps the model; "" for where models usually lie.
        is_adapter: Whether an adapter is meant, whose tensors are no weights and keep their names.

    Raises:
        FileError: A file is missing or cannot be read, or a folder does not say which model it holds.
        CheckpointError: A file is empty, in no known format, or contradicts itself or another one.
    """
    found = model_files(path)
    is_part = len(found.paths) > 1
    opened = [open_file(file, key, is_part=is_part, is_adapter=is_adapter) for file in found.paths]
    parts: dict[str, _Part] = {}
    for number, (_, _, contents) in enumerate(opened):
        for name, span in contents.spans.items():
            if name in parts:
                first, second = found.paths[parts[name].file].name, found.paths[number].name
                raise CheckpointError(f"'{name}' stands in '{first}' and in '{second}', parts of one model.")
            parts[name] = _Part(number, span)
    metadata = {key: value for _, _, contents in opened for key, value in contents.metadata.items()}
    tied = tied_names({name: _place(part) for name, part in parts.items()}, metadata)
    aliases = {alias for names in tied.values() for alias in names}
    own = {name: part for name, part in parts.items() if name not in aliases}
    entries, by_name = _by_canonical_name(path, own, tied, keeps_names=is_adapter)
    return Checkpoint(
        path=path,
        format=opened[0][1].name,
        entries=entries,
        metadata=metadata,
        notes=(
            *found.notes,
            *(note for _, _, contents in opened for note in contents.notes),
            *(
                f"'{name}' is also called {', '.join(map(repr, names))}, and counts once."
                for name, names in tied.items()
            ),
        ),
        doubts=tuple(doubt for _, _, contents in opened for doubt in contents.doubts),
        _parts=by_name,
        _files=tuple(file for file, _, _ in opened),
    )


def _taken_from(take: Callable[[str, int, Tensor], None], name: str, start: int) -> Take:
    """Takes the values of one part of a tensor, which begins at value `start` of the whole."""
    return lambda first, values: take(name, start + first, values)


def _place(part: _Part) -> object:
    """Equal for tensors that are one; a tensor without values is nobody else's."""
    span = part.span
    return (part.file, span.dtype, span.shape, span.start, span.strides) if span.n_values else object()


def _by_canonical_name(
    path: Path, parts: Mapping[str, _Part], tied: Mapping[str, tuple[str, ...]], *, keeps_names: bool
) -> tuple[dict[str, Entry], dict[str, tuple[_Part, ...]]]:
    if not parts:
        raise CheckpointError(f"'{path.name}' holds no tensors.")
    require_few(path, len(parts))
    entries: dict[str, Entry] = {}
    by_name: dict[str, tuple[_Part, ...]] = {}
    for renamed in model_names(parts, where=f"'{path.name}'", keeps_names=keeps_names):
        found = tuple(parts[name] for name in renamed.sources)
        shape = _joined(path, renamed.name, [part.span.shape for part in found])
        entries[renamed.name] = Entry(
            shape=shape[::-1] if renamed.is_transposed else shape,
            dtype=reduce(torch.promote_types, (part.span.dtype for part in found)),
            sources=renamed.sources,
            is_transposed=renamed.is_transposed,
            aliases=tied.get(renamed.sources[0], ()),
        )
        by_name[renamed.name] = found
    return entries, by_name


def _joined(path: Path, name: str, shapes: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    first = shapes[0]
    if len(set(shapes)) > 1:
        listed = ", ".join(map(str, shapes))
        raise CheckpointError(f"'{path.name}': the parts of '{name}' have other shapes: {listed}.")
    return first if len(shapes) == 1 else (len(shapes) * first[0], *first[1:])


def _short(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
