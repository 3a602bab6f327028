"""Images in NumPy archives (.npz): pixels and labels as arrays under the names that people use."""

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.listing import few
from app.errors import ZooError
from app.words.plain_text import sentence_of
from app.zoo.devices import memory_available
from app.zoo.images.labelled import Labelled
from app.zoo.images.pictures import grey_or_colour
from cache.regular_files import open_regular

_PIXELS = ("images", "x", "data", "image", "X")
_LABELS = ("labels", "y", "target", "targets", "label", "Y")
_SPLITS = {"val": ("val_", "valid_", "validation_"), "test": ("test_",)}
_LARGEST = 255


def array_images(path: Path, split: str) -> Labelled:
    """Read an archive's arrays.

    Args:
        path: Holds images (N, H, W), (N, H, W, C) or (N, C, H, W), whole numbers up to 255 or floats up to
            1, and labels (N,), (N, 1) or one-hot (N, C), or names; under names such as images and labels, x
            and y, or test_images and test_labels.
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
                arrays = {name: loaded[name] for name in _wanted(loaded.files, split, path)}
        except (zipfile.BadZipFile, ValueError, EOFError, KeyError, OSError) as error:
            why = sentence_of(error)
            if "pickle" in why.lower():
                why = "it holds pickled objects, which are code"
            raise ZooError(f"'{path.name}' cannot be read as a NumPy archive: {why.rstrip('.')}.") from error
    pixels, labels = arrays.values()
    images = _as_bytes(_channels_last(pixels, path), path)
    if len(images) != len(labels):
        raise ZooError(f"'{path.name}' holds {len(images)} images and {len(labels)} labels.")
    return Labelled(path.name, _as_labels(labels, path), None, lambda k: grey_or_colour(images[k]))


def _wanted(names: list[str], split: str, path: Path) -> tuple[str, str]:
    """Names of the images and of the labels: those of the split, or those of the only set there is."""
    pairs = [
        (f"{prefix}{one}{suffix}", f"{prefix}{other}{suffix}")
        for prefix in (*_SPLITS[split], "")
        for suffix in ("", *(f"_{word.rstrip('_')}" for word in _SPLITS[split]))
        for one in _PIXELS
        for other in _LABELS
    ]
    found = next((pair for pair in pairs if set(pair) <= set(names)), None)
    if found is None:
        raise ZooError(
            f"'{path.name}' holds {few(names)}; it must hold images and labels, or {split}_images and "
            f"{split}_labels."
        )
    return found


def _channels_last(pixels: NDArray[np.generic], path: Path) -> NDArray[np.generic]:
    if pixels.ndim == 3:
        return pixels[..., None]
    if pixels.ndim == 4 and pixels.shape[3] in (1, 3):
        return pixels
    if pixels.ndim == 4 and pixels.shape[1] in (1, 3):
        return pixels.transpose(0, 2, 3, 1)
    raise ZooError(
        f"'{path.name}': images have shape {pixels.shape}; they must be (N, H, W), (N, H, W, 3) or "
        "(N, 3, H, W)."
    )


def _as_bytes(pixels: NDArray[np.generic], path: Path) -> NDArray[np.uint8]:
    """Pixels as 8 bits: whole numbers as they are, floats up to 1 times 255."""
    if not len(pixels) or pixels.dtype == np.uint8:
        return pixels.astype(np.uint8)
    low, high = float(pixels.min()), float(pixels.max())
    is_float = np.issubdtype(pixels.dtype, np.floating)
    most = 1 if is_float and high <= 1 else _LARGEST
    if not 0 <= low <= high <= most or not (is_float or np.issubdtype(pixels.dtype, np.integer)):
        raise ZooError(
            f"'{path.name}': images are {pixels.dtype} from {low:g} to {high:g}; they must lie in 0…255, or "
            "in 0…1 where they are floats."
        )
    return np.rint(pixels.astype(np.float64) * (_LARGEST / most)).astype(np.uint8)


def _as_labels(labels: NDArray[np.generic], path: Path) -> list[int] | list[str]:
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if (
        labels.ndim == 2
        and bool(((labels == 0) | (labels == 1)).all())
        and bool((labels.sum(axis=1) == 1).all())
    ):
        labels = labels.argmax(axis=1)
    if labels.ndim == 1 and labels.dtype.kind in "US":
        return [one.decode() if isinstance(one, bytes) else str(one) for one in labels.tolist()]
    if labels.ndim == 1 and labels.dtype.kind in "iu":
        return [int(one) for one in labels.tolist()]
    raise ZooError(
        f"'{path.name}': labels are {labels.dtype} of shape {labels.shape}; they must be whole numbers or "
        "names, one per image."
    )
