"""Tables of image files and their labels: CSV with commas, semicolons or tabs, with a header or without."""

import glob
from collections.abc import Sequence
from pathlib import Path

import duckdb

from analysis.listing import few
from app.errors import ZooError
from app.words.plain_text import sentence_of
from app.zoo.images.labelled import Labelled
from app.zoo.images.pictures import picture_extensions, picture_in
from app.zoo.roots import Roots, leads_out
from cache.regular_files import require_regular, resolved

TABLES = (".csv", ".tsv")
"""Endings of tables."""

MAX_BYTES = 200_000_000
"""Largest table read; one line per image takes about 50 bytes."""
_LABELS = ("label", "class", "target", "category")
_NAMED = 3


def listed_images(path: Path, roots: Roots, column: str = "") -> Labelled:
    """Read which files there are and their labels; no picture is opened.

    Args:
        path: The table; paths in it begin at its folder.
        roots: Where the pictures may lie.
        column: Of the labels, where the header names several.

    Raises:
        FileError: The table cannot be opened, or is too large.
        ZooError: It is no table, has no column of pictures or of labels, or leads out of the roots.
    """
    require_regular(path, limit=MAX_BYTES)
    header, rows = _rows(path)
    pictures = _column_of_pictures(path, rows)
    labels = _column_of_labels(path, header, pictures, column)
    folder, files, found, absent = resolved(path.parent), [], [], []
    for row in rows:
        file = resolved(folder / row[pictures])
        if not roots.hold(file):
            raise leads_out(row[pictures], file)
        if file.is_file():
            files.append(file)
            found.append(row[labels])
        else:
            absent.append(row[pictures])
    notes: tuple[str, ...] = ()
    if absent:
        notes = (f"{len(absent)} of {len(rows)} rows name no file ({few(absent, _NAMED)})",)
    numbers = [int(one) for one in found] if all(one.isascii() and one.isdigit() for one in found) else None
    return Labelled(
        name=path.name,
        labels=found if numbers is None else numbers,
        names=None,
        image=lambda k: picture_in(files[k]),
        notes=notes,
        files=tuple(files),
    )


def listed_files(path: Path) -> list[Path]:
    """Pictures that a table names, whether they are there or not.

    Raises:
        FileError: The table cannot be opened, or is too large.
        ZooError: It is no table, or has no column of pictures.
    """
    require_regular(path, limit=MAX_BYTES)
    _, rows = _rows(path)
    column = _column_of_pictures(path, rows)
    return [path.parent / row[column] for row in rows]


def _rows(path: Path) -> tuple[tuple[str, ...] | None, list[tuple[str, ...]]]:
    """The header, where the first line is one, and the other lines."""
    try:
        with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as connection:
            rows = connection.execute(
                "SELECT * FROM read_csv($path, all_varchar = true, header = false)",
                {"path": glob.escape(str(path))},
            ).fetchall()
    except duckdb.Error as error:
        raise ZooError(f"'{path}' cannot be read as a table: {sentence_of(error).rstrip('.')}.") from error
    rows = [tuple("" if one is None else str(one).strip().lstrip("\ufeff") for one in row) for row in rows]
    if not rows or len(rows[0]) < 2:
        raise ZooError(f"'{path}' is no table of files and labels: it needs two columns.")
    if any(_is_picture(one) for one in rows[0]):
        return None, rows
    return rows[0], rows[1:]


def _is_picture(name: str) -> bool:
    return Path(name).suffix.lower() in picture_extensions()


def _column_of_pictures(path: Path, rows: Sequence[tuple[str, ...]]) -> int:
    shares = [sum(_is_picture(one) for one in column) for column in zip(*rows, strict=True)]
    if not shares or max(shares) < len(rows) / 2:
        raise ZooError(
            f"'{path}' has no column whose entries are files of pictures, such as 'images/000.png'."
        )
    return shares.index(max(shares))


def _column_of_labels(path: Path, header: Sequence[str] | None, pictures: int, given: str) -> int:
    names = list(header or ())
    if given:
        if given not in names:
            raise ZooError(f"'{path}' has no column '{given}'; it has {few(names)}.")
        return names.index(given)
    named = [k for k, name in enumerate(names) if name.lower() in _LABELS]
    others = [k for k in range(len(names) or 2) if k != pictures]
    found = named if len(named) == 1 else others
    if len(found) != 1:
        raise ZooError(
            f"'{path}' has several columns that may be labels ({few(names)}); name it: {path.name}#column."
        )
    return found[0]
