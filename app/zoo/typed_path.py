"""Paths as people type them."""

from pathlib import Path


def typed_path(text: str) -> Path:
    """A path with `~` read as the home folder; an unknown user's `~name` stays as it is.

    >>> typed_path("~nobody-here/zoo").name
    'zoo'
    """
    path = Path(text.strip())
    try:
        return path.expanduser()
    except RuntimeError:
        return path
