"""Paths as people type them."""

import re
from pathlib import Path

_HOME = re.compile(r"\$(HOME|\{HOME\})(?=/|$)")


def typed_path(text: str) -> Path:
    """A path from an input, without the blanks around it.

    >>> typed_path(" ~nobody-here/zoo ").name
    'zoo'
    """
    return with_home(text.strip())


def with_home(text: str) -> Path:
    """A path with `~` and `$HOME` read as the home folder; other variables and an unknown `~name` stay.

    What stands in other variables is not for a zoo from elsewhere to see.

    >>> with_home("~/zoo") == with_home("$HOME/zoo") == Path.home() / "zoo"
    True
    >>> with_home("zoos/~/$HOME"), with_home("$HOMEWORK")
    (PosixPath('zoos/~/$HOME'), PosixPath('$HOMEWORK'))
    """
    path = Path(f"~{text[found.end() :]}" if (found := _HOME.match(text)) else text)
    try:
        return path.expanduser()
    except RuntimeError:
        return path
