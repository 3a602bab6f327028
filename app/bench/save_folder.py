"""The folder below which a server's visitors save: new files only, never over one that is there."""

import os
from dataclasses import dataclass
from pathlib import Path

from app.errors import ZooError
from app.zoo.roots import Roots
from app.zoo.typed_path import typed_path
from cache.folders import cache_folder
from cache.regular_files import resolved


@dataclass(frozen=True, slots=True)
class SaveFolder:
    """A folder named when the server was started; it need not exist before the first file."""

    folder: Path

    @property
    def rule(self) -> str:
        """Where files go, for a person."""
        return f"Saved in '{self.folder}'; a file that is there is never replaced."

    def new_file(self, typed: str) -> Path:
        """The path of a file that is to be written, with links followed; the folder is made.

        A visitor cannot know whose a file is that is there already, hence none is replaced.

        Args:
            typed: What a visitor typed: a name, or a path below the folder.

        Raises:
            FileError: The path cannot be followed.
            ZooError: The path leads out of the folder or into the cache, the file exists, or the folder
                cannot be made.
        """
        path = self.folder / typed_path(typed)
        if not Roots.of([self.folder]).hold(path) or Roots.of([cache_folder()]).hold(path):
            raise ZooError(
                f"'{typed}' does not lie below '{self.folder}', where this server saves. Give a name, or "
                "start the server with --save-to for another folder."
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ZooError(
                f"'{self.folder}' cannot be made: {error.strerror}. Start the server with --save-to for "
                "another folder."
            ) from error
        if os.path.lexists(path):
            raise ZooError(f"'{typed}' exists already in '{self.folder}'; choose another name.")
        return resolved(path)
