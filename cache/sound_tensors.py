"""Sound tensors: names and shapes that everything behind the reader can hold and print."""

from math import prod
from pathlib import Path

from cache.contents import Span
from cache.errors import CheckpointError

MAX_AXES = 64
"""NumPy's limit; torch itself takes a few more."""
MAX_TENSORS = 100_000
"""Twice what the largest mixtures of experts have; a page of more would take minutes."""
_MAX_BYTES = 2**63


def require_few(path: Path, n_tensors: int) -> None:
    """Refuse more tensors than any model has.

    Raises:
        CheckpointError: By the number.
    """
    if n_tensors > MAX_TENSORS:
        raise CheckpointError(
            f"'{path.name}' holds {n_tensors} tensors; the limit is {MAX_TENSORS}. Join them into fewer."
        )


def require_sound(path: Path, name: str, span: Span) -> None:
    """Refuse a name that is no text, and a shape that no array can have.

    Raises:
        CheckpointError: By the name of the tensor.
    """
    if not _is_text(name):
        raise CheckpointError(
            f"'{path.name}': a tensor has the name {name!a}, which is no text that can be written; rename it "
            "and save again."
        )
    if len(span.shape) > MAX_AXES:
        raise CheckpointError(
            f"'{path.name}': '{name}' has {len(span.shape)} axes; the limit is {MAX_AXES}. Save it in "
            "another shape."
        )
    if prod(max(size, 1) for size in span.shape) * span.dtype.itemsize >= _MAX_BYTES:
        raise CheckpointError(
            f"'{path.name}': '{name}' has shape {span.shape}, of more values than memory can address; copy "
            "or download it again."
        )


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
