"""Images in NumPy archives (.npz)."""

import zipfile
from pathlib import Path

import numpy as np

from app.errors import ZooError
from app.words.plain_text import sentence_of
from app.zoo.devices import memory_available
from app.zoo.images.arrays import labelled_arrays, names_of_arrays
from app.zoo.images.labelled import Labelled
from cache.regular_files import open_regular


def array_images(path: Path, split: str) -> Labelled:
    """Read an archive's arrays.

    Args:
        path: Holds what `app.zoo.images.arrays` reads, under names such as images and labels, x and y, or
            test_images and test_labels.
        split: "val" or "test".

    Raises:
        FileError: The file cannot be opened.
        ZooError: It is no such archive, too large for the memory, or holds pickled objects.
    """
    with open_regular(path) as file:
        try:
            with zipfile.ZipFile(file) as archive:
                size = sum(record.file_size for record in archive.infolist())
            if size > memory_available() / 2:
                raise ZooError(
                    f"'{path.name}' unpacks to {size / 1e9:.1f} GB, more than half of the free memory."
                )
            file.seek(0)
            with np.load(file, allow_pickle=False) as loaded:
                arrays = {name: loaded[name] for name in names_of_arrays(loaded.files, split, path)}
        except (zipfile.BadZipFile, ValueError, EOFError, KeyError, OSError) as error:
            why = sentence_of(error)
            if "pickle" in why.lower():
                why = "it holds pickled objects, which are code"
            raise ZooError(f"'{path.name}' cannot be read as a NumPy archive: {why.rstrip('.')}.") from error
    return labelled_arrays(path, *arrays.values())
