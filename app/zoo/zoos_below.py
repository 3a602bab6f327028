"""Zoos in the folders right below a folder, to be picked instead of typed."""

import os
from itertools import islice
from pathlib import Path

MOST_LOOKED_AT, MOST_OFFERED = 500, 12
"""Entries of a folder that are looked at, so that a full one costs moments, and zoos that are offered."""


def zoos_below(folder: Path) -> tuple[Path, ...]:
    """Folders with a `zoo.toml`, by name; none where the folder cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            found = [Path(entry.path) for entry in islice(entries, MOST_LOOKED_AT) if entry.is_dir()]
        zoos = [one for one in found if (one / "zoo.toml").is_file()]
    except (OSError, ValueError):  # a path with a zero in it is no path
        return ()
    return tuple(sorted(zoos)[:MOST_OFFERED])
