"""Names in Hugging Face's cache, where links in `snapshots` have them and files in `blobs` a digest."""

from pathlib import Path

_MOST = 10_000
"""Links that are looked at."""


def names_of(path: Path) -> list[Path]:
    """The path and the hub's links to it, whose names and neighbours state what it is.

    Args:
        path: A file; one outside of such a cache has its own name alone.
    """
    if path.parent.name != "blobs":
        return [path]
    links = zip(path.parent.parent.glob("snapshots/**/*"), range(_MOST), strict=False)
    return [path, *(link for link, _ in links if link.is_symlink() and link.readlink().name == path.name)]
