"""Arrays of images and their labels, in the layouts and number formats that people use."""

from collections.abc import Collection
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.listing import few
from app.errors import ZooError
from app.zoo.images.labelled import Labelled
from app.zoo.images.pictures import grey_or_colour

_PIXELS = ("images", "x", "data", "image", "X", "0")
_LABELS = ("labels", "y", "target", "targets", "label", "Y", "1")
_SPLITS = {"val": ("val_", "valid_", "validation_"), "test": ("test_",)}
_LARGEST = 255


def labelled_arrays(path: Path, pixels: NDArray[np.generic], labels: NDArray[np.generic]) -> Labelled:
    """Images of arrays, one picture each.

    Args:
        path: Of the file, for messages.
        pixels: (N, H, W), (N, H, W, C) or (N, C, H, W), whole numbers up to 255 or floats up to 1.
        labels: (N,), (N, 1) or one-hot (N, C), or names.

    Raises:
        ZooError: They are anything else.
    """
    images = _as_bytes(_channels_last(pixels, path), path)
    if len(images) != len(labels):
        raise ZooError(f"'{path.name}' holds {len(images)} images and {len(labels)} labels.")
    return Labelled(path.name, _as_labels(labels, path), None, lambda k: grey_or_colour(images[k]))


def names_of_arrays(names: Collection[str], split: str, path: Path) -> tuple[str, str]:
    """Names of the images and of the labels: those of the split, or those of the only set there is.

    Args:
        names: In the file; "0" and "1" where it holds a pair without names.
        split: "val" or "test".
        path: Of the file, for messages.

    Raises:
        ZooError: There are none.
    """
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
        return pixels.astype(np.uint8, copy=False)
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
