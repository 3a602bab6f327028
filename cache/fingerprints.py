"""Fingerprints: short names for contents, equal exactly when the contents are."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from cache.reading import read_file
from cache.regular_files import unreadable


def file_fingerprint(path: Path) -> str:
    """Fingerprint of a file's bytes, the same that `Checkpoint.digest` gives.

    Raises:
        FileError: The file cannot be read.
    """
    try:
        return read_file(path, path.stat().st_size)
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def combined(fingerprints: Mapping[str, object]) -> str:
    """One fingerprint for named parts (text, numbers, lists, mappings), whatever their order.

    >>> combined({"base": "a1", "task": "b2"}) == combined({"task": "b2", "base": "a1"})
    True
    """
    text = json.dumps(fingerprints, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
