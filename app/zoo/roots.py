"""Roots: folders below which files may be opened, wherever links lead."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from app.errors import ZooError
from cache.errors import FileError
from cache.regular_files import resolved


@dataclass(frozen=True, slots=True)
class Roots:
    """Folders with everything below them."""

    folders: tuple[Path, ...]
    """Absolute, with links followed."""

    @classmethod
    def of(cls, folders: Iterable[Path]) -> "Roots":
        """Roots at some folders, which need not exist.

        Raises:
            FileError: A path cannot be followed.
        """
        return cls(tuple(resolved(folder) for folder in folders))

    def hold(self, path: Path) -> bool:
        """Whether a path leads to one of the folders or below it, links followed.

        Raises:
            FileError: The path cannot be followed.
        """
        found = resolved(path)
        return any(found.is_relative_to(folder) for folder in self.folders)

    def require_link(self, path: Path) -> None:
        """Refuse a link that leads elsewhere; whatever is no link lies where its folder lies.

        Raises:
            FileError: The links lead in a circle.
            ZooError: The link leads out of the folders.
        """
        if path.is_symlink() and not self.hold(path):
            raise leads_out(path.name, resolved(path))

    def require_links(self, folder: Path) -> None:
        """Refuse a folder in which a link leads elsewhere; a file is no folder and passes.

        Raises:
            FileError: The links lead in a circle.
            ZooError: A link leads out of the folders.
        """
        if folder.is_dir():
            for entry in folder.iterdir():
                self.require_link(entry)

    def may_open(self, folder: Path) -> bool:
        """Whether a path can be followed and leads inside."""
        try:
            return self.hold(folder)
        except FileError:
            return False

    def require_zoo(self, folder: Path) -> None:
        """Refuse a zoo outside, in the same words whether or not there is one.

        Raises:
            FileError: The path cannot be followed.
            ZooError: The folder lies outside.
        """
        if not self.hold(folder):
            raise ZooError(
                f"'{folder}' lies outside the folders in which this server opens zoos. "
                f"To allow it, start the server with --root '{folder}'."
            )


def leads_out(written: str, path: Path, advice: str = "") -> ZooError:
    """Why a file of a zoo is not opened, in one sentence.

    Args:
        written: As the zoo names it.
        path: Where that leads.
        advice: Follows what to do.
    """
    return ZooError(
        f"'{written}' leads out of the zoo's folder, to '{path}'. Move the file inside, or name its folder "
        f"with --root{' ' if advice else ''}{advice}."
    )
