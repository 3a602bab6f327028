"""Files that are no weights to merge, refused by what they are: first bytes, names, what lies beside."""

from collections.abc import Mapping
from pathlib import Path

from cache.contents import Span
from cache.errors import CheckpointError
from cache.recognised.adapters import adapter
from cache.recognised.hub_cache import names_of
from cache.recognised.other_files import other_file
from cache.recognised.quantised import quantised
from cache.recognised.shards import shard


def require_no_other_file(path: Path, head: bytes) -> None:
    """Refuse a file whose first bytes are those of something else.

    Args:
        path: The file.
        head: Its first bytes, `other_files.N_BYTES` of them if it has as many.

    Raises:
        CheckpointError: What it is, and what to do.
    """
    if found := other_file(path, head):
        raise CheckpointError(f"'{path.name}' is {found}.")


def require_whole_weights(
    path: Path, spans: Mapping[str, Span], *, is_part: bool = False, is_adapter: bool = False
) -> None:
    """Refuse tensors that open as weights but are none by themselves.

    Args:
        path: The file; what lies beside it counts.
        spans: Its tensors by the file's own names.
        is_part: Whether it is read as a part of a model.
        is_adapter: Whether it is read as an adapter.

    Raises:
        CheckpointError: What they are, and what to do.
    """
    for name in names_of(path):
        for find, is_known in ((shard, is_part), (adapter, is_adapter), (quantised, False)):
            if not is_known and (found := find(name, spans)):
                raise CheckpointError(f"'{name.name}' {found}.")
