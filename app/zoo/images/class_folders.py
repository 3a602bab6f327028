"""A folder that holds one folder of pictures per class, without what systems leave beside them."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from unicodedata import normalize

from analysis.listing import difference
from app.errors import ZooError
from app.zoo.images.pictures import picture_extensions
from app.zoo.roots import Roots

_NOT_CLASSES = frozenset({"__MACOSX", "@eaDir", "$RECYCLE.BIN", "System Volume Information", "lost+found"})
"""Folders that systems make."""


def class_folders(path: Path, roots: Roots) -> tuple[Path, ...]:
    """Folders that stand for a class, numbers in their names in the order of numbers.

    Args:
        path: Holds one folder per class.
        roots: Where links may lead.

    Raises:
        ZooError: A link leads out of the roots.
    """
    found = [one for one in path.iterdir() if not _is_left_over(one) and one.is_dir()]
    for folder in found:
        roots.require_link(folder)
    return tuple(sorted(found, key=lambda folder: _natural(folder.name)))


def order_is_a_guess(names: Sequence[str]) -> bool:
    """Whether the order of numbers is not that of text, so that a head may have been made in either."""
    return list(names) != sorted(names)


def are_labels(names: Sequence[str]) -> bool:
    """Whether names of folders, in the order of numbers, are the labels 0 to C - 1.

    >>> are_labels(["00000", "00001"]), are_labels(["1", "2"]), are_labels(["cat"])
    (True, False, False)
    """
    return all(name.isascii() and name.isdigit() and int(name) == label for label, name in enumerate(names))


def folders_of_classes(path: Path, classes: Sequence[str], roots: Roots) -> tuple[Path, ...]:
    """The folder of each class, by its name; composed letters and case may differ where only one fits.

    Folders that are numbered from 0, one for each class, stand for the labels.

    Raises:
        ZooError: The folders are not the classes.
    """
    folders = class_folders(path, roots)
    for spelled in (str, _composed, _folded):
        by_name = {spelled(folder.name): folder for folder in folders}
        wanted = [spelled(name) for name in classes]
        if len(by_name) == len(folders) == len(set(wanted)) and set(wanted) == by_name.keys():
            return tuple(by_name[name] for name in wanted)
    if len(folders) == len(classes) and are_labels([folder.name for folder in folders]):
        return folders
    names = [folder.name for folder in folders]
    raise ZooError(
        f"The folders in '{path.name}' are not the task's classes: {difference(names, classes)}. "
        "Name each folder as its class."
    )


def pictures_in(folder: Path, roots: Roots) -> Iterator[Path]:
    """Pictures of a class, sorted by path, those in folders within it as well.

    Raises:
        ZooError: A link leads out of the roots.
    """
    ends = picture_extensions()
    for path in sorted(folder.iterdir()):
        if _is_left_over(path):
            continue
        roots.require_link(path)
        if path.is_dir() and not path.is_symlink():
            yield from pictures_in(path, roots)
        elif path.suffix.lower() in ends:
            yield path


def _is_left_over(path: Path) -> bool:
    return path.name.startswith(".") or path.name in _NOT_CLASSES


def _natural(name: str) -> tuple[list[tuple[int, str]], str]:
    """Text with its numbers as numbers: "class 9" before "class 10"."""
    parts = re.split(r"([0-9]+)", name)
    return [(int(part), "") if part.isascii() and part.isdigit() else (-1, part) for part in parts], name


def _composed(name: str) -> str:
    return normalize("NFC", name)


def _folded(name: str) -> str:
    return _composed(name).casefold()
