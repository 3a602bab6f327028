"""Small JSON files that lie beside a checkpoint and state what it is."""

import json
from pathlib import Path
from typing import Any

from cache.errors import FileError
from cache.regular_files import read_text

_LONGEST = 64_000_000
"""Bytes of a description that is read; the index of a model with 100,000 tensors has 10 million."""


def description(path: Path) -> dict[str, Any]:
    """A JSON object; empty if there is no such file, or no object in it."""
    try:
        found = json.loads(read_text(path, limit=_LONGEST))
    except (FileError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
