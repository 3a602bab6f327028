"""Regular files: the only kind that is opened, and never more of one than is wanted."""

import io
import os
import stat
from contextlib import suppress
from io import BufferedReader
from pathlib import Path

from cache.errors import FileError, MissingFileError

_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
# Without O_NONBLOCK a pipe that took the file's place would be waited for; a regular file ignores it.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: Path, *, limit: int | None = None) -> BufferedReader:
    """Open a regular file, or what a link to one leads to, for reading bytes.

    Pipes, sockets and devices are not opened at all: a pipe without a writer would be waited for, and a
    device may have no end.

    Args:
        path: The file.
        limit: Largest size in bytes; None for any.

    Raises:
        MissingFileError: There is no such file.
        FileError: It is no regular file, is larger, or cannot be opened.
    """
    try:
        _require(path, path.stat(), limit)
        handle = os.open(path, _FLAGS)
        try:
            _require(path, os.fstat(handle), limit)
            return os.fdopen(handle, "rb")
        except BaseException:
            os.close(handle)
            raise
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error


def require_regular(path: Path, *, limit: int | None = None) -> None:
    """Check a file that a library will open itself.

    Raises:
        MissingFileError: There is no such file.
        FileError: It is no regular file, is larger, or cannot be opened.
    """
    open_regular(path, limit=limit).close()


def read_text(path: Path, *, limit: int) -> str:
    """A file's text in UTF-8, without a byte order mark.

    Args:
        path: The file.
        limit: Largest size in bytes.

    Raises:
        MissingFileError: There is no such file.
        FileError: It is no regular file, is larger, cannot be read, or is not text in UTF-8.
    """
    with open_regular(path, limit=limit) as file:
        try:
            content = file.read(limit + 1)  # a file may grow, and those of /proc state no size
        except OSError as error:
            raise unreadable(path, error) from error
    if len(content) > limit:
        raise _too_large(path, limit)
    try:
        return io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig").read()
    except UnicodeDecodeError as error:
        raise FileError(f"'{path}' is not text in UTF-8; save it in that encoding.") from error


def resolved(path: Path) -> Path:
    """The absolute path with every link followed; it need not exist.

    Raises:
        FileError: The links lead in a circle, or no file can have this name.
    """
    try:
        found = path.resolve()
        with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
            found.stat()
    except (OSError, ValueError, RuntimeError) as error:
        raise FileError(f"'{path}' is not a path that can be followed: {_reason(error)}.") from error
    return found


def unreadable(path: Path, error: OSError | ValueError) -> FileError:
    """Why a file cannot be read, in one sentence."""
    kind = MissingFileError if isinstance(error, FileNotFoundError | NotADirectoryError) else FileError
    return kind(f"'{path}' cannot be read: {_reason(error)}.")


def _require(path: Path, status: os.stat_result, limit: int | None) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise FileError(f"'{path}' cannot be read: it is {kind}, not a file.")
    if limit is not None and status.st_size > limit:
        raise _too_large(path, limit)


def _too_large(path: Path, limit: int) -> FileError:
    return FileError(f"'{path}' cannot be read: it has more than {limit} bytes, the most of such a file.")


def _reason(error: Exception) -> str:
    if isinstance(error, RuntimeError):  # from Path.resolve
        return "its links lead in a circle"
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)
