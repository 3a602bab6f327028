"""Tensors under other names than their files give them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Renamed:
    """A tensor under another name, made of one tensor or of several."""

    name: str
    sources: tuple[str, ...]
    """Names of the tensors whose rows stand one below the other in it."""
    is_transposed: bool = False
