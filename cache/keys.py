"""Keys of remembered results: all that a result depends on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from cache.fingerprints import combined


@dataclass(frozen=True, slots=True)
class ResultKey:
    """A computation and its inputs: equal keys promise equal results."""

    name: str
    """Of the computation."""
    version: int
    """Raised whenever the computation changes its numbers."""
    inputs: Mapping[str, str]
    """Fingerprints and settings by name; whatever the result depends on."""

    def digest(self) -> str:
        """The key as 64 hexadecimal digits.

        >>> ResultKey("norms", 1, {"a": "1"}).digest() == ResultKey("norms", 2, {"a": "1"}).digest()
        False
        """
        return combined(asdict(self))
