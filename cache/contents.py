"""Contents of a checkpoint file: where each tensor lies, without reading any."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path

import torch


@dataclass(frozen=True, slots=True)
class Span:
    """Where one tensor lies in a file, little-endian."""

    dtype: torch.dtype
    shape: tuple[int, ...]
    start: int
    """First byte in the file."""
    strides: tuple[int, ...] | None = None
    """Steps between neighbours in values; None when the tensor lies row by row without gaps."""

    @property
    def n_values(self) -> int:
        """Number of values the file holds for this tensor, gaps between strides included."""
        if self.strides is None or 0 in self.shape:
            return prod(self.shape)
        return 1 + sum((size - 1) * step for size, step in zip(self.shape, self.strides, strict=True))

    @property
    def stop(self) -> int:
        """First byte after the tensor."""
        return self.start + self.n_values * self.dtype.itemsize


@dataclass(frozen=True, slots=True)
class Contents:
    """Table of contents of one checkpoint."""

    spans: Mapping[str, Span]
    """By the file's own names, in the file's own order; every span lies inside the file."""
    metadata: Mapping[str, str]
    """The file's own metadata, word for word."""
    notes: tuple[str, ...] = ()
    """Where in the file these tensors were found, as sentences."""
    doubts: tuple[str, ...] = ()
    """Which other tensors of the file may be meant, as sentences."""


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing tensors to a file."""

    name: str
    """As a person calls it."""
    suffixes: tuple[str, ...]
    """Endings that its files usually have: ".pt"."""
    begins: Callable[[bytes], bool]
    """Whether a file in this format may begin with these bytes, 512 or all."""
    read_contents: Callable[[Path], Contents]
    """Reads the table of contents; raises `CheckpointError` where the file breaks its own format."""
    read_part: Callable[[Path, str], Contents] | None = None
    """Reads that of the model under a key, where files in this format may hold several."""
