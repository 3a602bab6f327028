"""Shards: files that hold one part of a model's tensors each."""

import re
from collections.abc import Collection
from pathlib import Path

from cache.recognised.beside import description

_NUMBERED = re.compile(r"[-_.](\d+)[-_]of[-_](\d+)(?=[-_.]|$)", re.IGNORECASE)
_CONSOLIDATED = re.compile(r"consolidated\.\d+\.\w+")
TOGETHER = "name the folder they lie in, or the index that lists them (*.index.json)"
"""What to do with a model in several files."""


def shard(path: Path, names: Collection[str]) -> str | None:
    """Which part of a model a file is, and what to do; None if it is whole.

    Args:
        path: The file; its name, and an index beside it, state what it is.
        names: Of its tensors.
    """
    numbered = _NUMBERED.search(path.name)
    if numbered and int(numbered[2]) > 1:
        return f"is part {int(numbered[1])} of the {int(numbered[2])} files of one model; {TOGETHER}"
    if _CONSOLIDATED.fullmatch(path.name):
        n_parts = len(list(path.parent.glob(f"consolidated.*{path.suffix}")))
        if n_parts > 1:
            return f"is one of the {n_parts} files of one model; {TOGETHER}"
    for index in sorted(path.parent.glob("*.index.json")):
        parts = parts_of(index)
        if path.name in parts and len(parts) > 1:
            return f"is one of the {len(parts)} files of one model, as '{index.name}' states; {TOGETHER}"
    return None


def parts_of(index: Path) -> list[str]:
    """Names of the files that an index of shards lists, each once; empty if it is no such index."""
    listed = description(index).get("weight_map")
    if not isinstance(listed, dict):
        return []
    return list(dict.fromkeys(name for name in listed.values() if isinstance(name, str)))
