"""Batches of images in the pickles of CIFAR-10 and CIFAR-100, read as data: nothing in them is run."""

from collections.abc import Mapping
from io import BytesIO
from math import isqrt
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.errors import ZooError
from app.zoo.images.arrays import labelled_arrays
from app.zoo.images.labelled import Labelled
from cache.errors import MissingFileError
from cache.listing import few_quoted
from cache.pickles.arrays import saved_array, saved_bytes
from cache.pickles.inert import PickleError
from cache.pickles.machine import read_pickle
from cache.regular_files import open_regular

_MOST_BYTES = 1 << 28
"""Length of a file of images; CIFAR-100's training images are 155 MB."""
_LABELS = ("labels", "fine_labels")
_NAMES = {
    "batches.meta": {"labels": "label_names"},
    "meta": {"fine_labels": "fine_label_names", "coarse_labels": "coarse_label_names"},
}
"""Files with the names of the classes, and the name of each list of labels' own list of names."""
_TEST = ("test_batch", "test")
_FOLDERS = (("batches.meta", "test_batch"), ("meta", "test"))
_PICKLE = b"\x80"


def is_pickled_batch(path: Path) -> bool:
    """Whether a path is a file or a folder of such batches, by its name and first bytes."""
    if path.is_dir():
        return any(all((path / name).is_file() for name in names) for names in _FOLDERS)
    if path.suffix not in ("", ".pkl", ".pickle") or not path.is_file():
        return False
    with open_regular(path) as file:
        begin = file.read(8)
    # A file of safetensors begins with the length of its header, whose first byte may be the same.
    return begin[:1] == _PICKLE and begin[2:] != bytes(6)


def pickled_batch(path: Path, split: str, column: str) -> Labelled:
    """Read a batch.

    Args:
        path: Of the file, or of the folder, whose test images are then taken.
        split: "val" or "test".
        column: List of labels; "" for the labels of CIFAR-10 and the fine ones of CIFAR-100.

    Raises:
        FileError: A file cannot be opened.
        ZooError: It is damaged, holds no images, or the folder is asked for a split that it has no file of.
    """
    if path.is_dir():
        path = _test_batch(path, split)
    saved = _saved(path)
    try:
        pixels = saved_array(saved.get("data"))
    except PickleError as error:
        raise ZooError(f"'{path.name}' {error}.") from error
    name = column or next((one for one in _LABELS if one in saved), "")
    if pixels is None or name not in saved:
        wanted = f"data and {column or 'labels'}"
        raise ZooError(f"'{path.name}' holds {few_quoted(list(saved))}; it must hold {wanted}.")
    found = labelled_arrays(path, _squares(path, pixels), np.asarray(saved[name]))
    return Labelled(path.name, found.labels, _class_names(path.parent, name), found.image)


def _test_batch(folder: Path, split: str) -> Path:
    found = [folder / name for name in _TEST if (folder / name).is_file()]
    if split != "test" or not found:
        raise ZooError(
            f"'{folder.name}' holds batches of images; name the file that holds the {split} images, such as "
            f"'{folder.name}/data_batch_5'."
        )
    return found[0]


def _saved(path: Path) -> Mapping[str, object]:
    with open_regular(path, limit=_MOST_BYTES) as file:
        content = BytesIO(file.read())
    try:
        saved = read_pickle(content).value
    except PickleError as error:
        raise ZooError(f"'{path.name}' {error}.") from error
    if not isinstance(saved, dict):
        raise ZooError(f"'{path.name}' is a pickle of something else than images with labels.")
    return {key: value for key, value in saved.items() if isinstance(key, str)}


def _squares(path: Path, pixels: NDArray[np.generic]) -> NDArray[np.generic]:
    """Images of rows that hold a picture's red, green and blue one after the other, (N, 3, H, H)."""
    if pixels.ndim != 2:
        return pixels
    n_images, n_values = pixels.shape
    side = isqrt(n_values // 3)
    if 3 * side * side != n_values:
        raise ZooError(f"'{path.name}': images of {n_values} values are no squares of three colours.")
    return pixels.reshape(n_images, 3, side, side)


def _class_names(folder: Path, labels: str) -> tuple[str, ...] | None:
    for file, lists in _NAMES.items():
        try:
            names = _saved(folder / file).get(lists.get(labels, ""))
        except MissingFileError:
            continue
        if isinstance(names, list):
            return tuple(raw.decode() for name in names if (raw := saved_bytes(name)) is not None)
    return None
