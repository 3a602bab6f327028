"""One DuckDB file shared by threads: a cursor per call, one writer, every result fetched whole."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb

from cache.errors import MissingFileError, StoreError
from cache.regular_files import require_regular
from cache.schema import KEEP_IT, TABLES, require_schema

# A few rows a second need no threads of their own, and nothing here may reach for the network.
_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "autoinstall_known_extensions": False,
}

Statement = tuple[str, Sequence[object]]


class FileTakenError(StoreError):
    """Another process has the file open."""


class Database:
    """A DuckDB file, or memory alone."""

    def __init__(self, path: Path | None) -> None:
        """Open or create the file; None keeps everything in memory.

        Raises:
            FileTakenError: Another process has the file open.
            StoreError: The file cannot be used.
        """
        self._path = path
        self._name = path.name if path else "The store in memory"
        self._root = _connect(path)
        self._writing = Lock()
        try:
            require_schema(self._root, self._name)
            self._file = _identity(path)
        except duckdb.Error as error:
            self._root.close()
            raise _unusable(self._name, error) from error
        except StoreError:
            self._root.close()
            raise

    @property
    def is_gone(self) -> bool:
        """Whether the file was removed or replaced since it was opened."""
        return _identity(self._path) != self._file

    def rows(self, query: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Answer of a query, whole.

        Raises:
            StoreError: The file was damaged.
        """
        with self._cursor() as cursor:
            return cursor.execute(query, parameters).fetchall()

    def append(self, statements: Iterable[Statement]) -> None:
        """Run insertions: all of them or, if one fails, none.

        Raises:
            StoreError: One of them failed.
        """
        with self._writing, self._cursor() as cursor:
            for statement, parameters in [("begin", ()), *statements, ("commit", ())]:
                cursor.execute(statement, parameters).fetchall()

    def copied_to_memory(self) -> "Database":
        """A store in memory with the same rows, or with none of a table that cannot be read any more."""
        copy = Database(None)
        for table in TABLES:
            with suppress(StoreError):
                rows = self.rows(f"select * from {table}")
                copy.append(
                    (f"insert into {table} values ({', '.join('?' * len(row))})", row) for row in rows
                )
        return copy

    def close(self) -> None:
        """Give the file back."""
        with self._writing:
            self._root.close()

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        try:
            with self._root.cursor() as cursor:  # closing it rolls back what was not committed
                yield cursor
        except duckdb.Error as error:
            raise StoreError(f"{self._name} failed: {_first_line(error)}.") from error


def insertion(table: str, row: Mapping[str, object]) -> Statement:
    """The statement that adds one row, given by column."""
    places = ", ".join("?" * len(row))
    return f"insert into {table} ({', '.join(row)}) values ({places})", list(row.values())


def _connect(path: Path | None) -> duckdb.DuckDBPyConnection:
    if path is None:
        return duckdb.connect(":memory:", config=_SETTINGS)
    for file in (path, path.with_name(f"{path.name}.wal")):
        with suppress(MissingFileError):
            require_regular(file)  # DuckDB would wait for a pipe
    try:
        return duckdb.connect(path, config=_SETTINGS)
    except duckdb.Error as error:
        message = str(error)
        if "Could not set lock" in message or "used by another process" in message:
            raise FileTakenError(f"{path.name} is open in another process.") from error
        raise _unusable(path.name, error) from error


def _unusable(name: str, error: duckdb.Error) -> StoreError:
    if "version number" in str(error):  # of DuckDB's own format
        return StoreError(f"{name} was written by another version ({_first_line(error)}). {KEEP_IT}")
    return StoreError(f"{name} cannot be used: {_first_line(error)}. {KEEP_IT}")


def _identity(path: Path | None) -> tuple[int, int] | None:
    try:
        status = path.stat() if path else None
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status else None


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0].removesuffix(".")
