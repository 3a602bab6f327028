"""Sources of evaluation images: a tensor file, a file with labels, or a folder of images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.listing import few
from app.errors import UnreadablePictureError, ZooError
from app.zoo.images.arrays import labelled_arrays, names_of_arrays
from app.zoo.images.class_folders import folders_of_classes, pictures_in
from app.zoo.images.headers import header_notes, left_out
from app.zoo.images.labelled import Labelled, class_indices
from app.zoo.images.pictures import Resize, as_pixels, decoded
from app.zoo.roots import Roots
from cache.checkpoints import open_checkpoint
from cache.errors import CheckpointError


@dataclass(frozen=True, slots=True, eq=False)
class ImageSource:
    """Labels of every image, and the images one at a time, since decoding can be slow."""

    labels: Tensor
    """Class indices, (N,), int64."""
    image: Callable[[int], Tensor]
    """Image i as uint8, (3, H, W)."""
    notes: tuple[str, ...] = ()
    """What may be wrong with it, each in half a sentence."""
    files: tuple[Path, ...] = ()
    """Of the images, where each has its own."""
    stored: Tensor | None = None
    """Images as a file of tensors holds them, (N, …)."""

    def picked(self, kept: Sequence[int], *notes: str) -> "ImageSource":
        """Some of its images, by position, with more notes."""
        positions = list(kept)
        return ImageSource(
            labels=self.labels[positions],
            image=lambda index: self.image(positions[index]),
            notes=(*self.notes, *notes),
            files=tuple(self.files[position] for position in positions) if self.files else (),
            stored=None if self.stored is None else self.stored[positions],
        )


def tensor_file(
    path: Path, split: str, *, classes: Sequence[str], image_size: tuple[int, int], resize: Resize
) -> ImageSource:
    """Read a file of tensors: images and labels under such names, or a pair of both that torch saved.

    Args:
        path: Holds what `app.zoo.images.arrays` reads.
        split: "val" or "test", where the file holds both.
        classes: Names in the order of the labels, (C,).
        image_size: Height and width that the encoder takes; images of this size are not resized.
        resize: Resizes others.

    Raises:
        FileError: The file cannot be read.
        ZooError: It is no file of tensors, or a tensor is missing or of another type or shape.
    """
    try:
        file = open_checkpoint(path)
        images, labels = (file.read(name) for name in names_of_arrays(file.entries, split, path))
    except CheckpointError as error:
        raise ZooError(f"Evaluation images cannot be read: {error}") from error
    labelled = labelled_arrays(path, _as_array(images), _as_array(labels))
    indices = class_indices(labelled, classes)
    if images.dtype == torch.uint8 and images.shape[1:] == (*image_size, 3):
        return ImageSource(indices, lambda index: images[index].permute(2, 0, 1), stored=images)
    height, width = image_size
    own = labelled.image(0).size if len(indices) else (width, height)
    notes: tuple[str, ...] = ()
    if own != (width, height):
        notes = (f"they have {own[0]} × {own[1]} pixels and are resized to {width} × {height}",)
    return ImageSource(indices, lambda index: as_pixels(labelled.image(index), resize), notes, stored=images)


def _as_array(values: Tensor) -> NDArray[np.generic]:
    if values.is_floating_point():
        values = values.float()  # NumPy has no bfloat16
    array: NDArray[np.generic] = values.numpy()
    return array


def labelled_images(
    labelled: Labelled,
    *,
    classes: Sequence[str],
    resize: Resize,
    leaves_out_unreadable: bool,
    check: Callable[[], None],
) -> ImageSource:
    """Images whose file states a label for each.

    Raises:
        FileError: A picture cannot be opened.
        ZooError: A label is no class, or a picture cannot be read and is not to be left out.
    """
    labels = class_indices(labelled, classes)
    notes = (
        *labelled.notes,
        *header_notes(labelled.files, leaves_out_unreadable=leaves_out_unreadable, check=check),
    )
    return ImageSource(
        labels, lambda index: as_pixels(labelled.image(index), resize), notes, files=labelled.files
    )


def image_folder(
    path: Path,
    *,
    classes: Sequence[str],
    resize: Resize,
    roots: Roots,
    leaves_out_unreadable: bool = False,
    check: Callable[[], None],
) -> ImageSource:
    """Read a folder that holds one folder of pictures per class, with the name of the class.

    Headers are read as `app.zoo.images.headers` says; decoding comes later.

    Raises:
        FileError: A picture cannot be opened.
        ZooError: The folders are not the classes, a link leads out of the roots, or a file that is named as
            a picture is none and is not to be left out.
    """
    folders = folders_of_classes(path, classes, roots)
    pictures = [tuple(pictures_in(folder, roots)) for folder in folders]
    files = tuple(file for found in pictures for file in found)
    notes = header_notes(files, leaves_out_unreadable=leaves_out_unreadable, check=check)
    empty = [name for name, found in zip(classes, pictures, strict=True) if not found]
    if files and empty:
        notes = (f"no picture of {few(empty)}", *notes)
    of_files = [label for label, found in enumerate(pictures) for _ in found]
    labels = torch.tensor(of_files, dtype=torch.int64)
    return ImageSource(labels, lambda index: decoded(files[index], resize), notes, files=files)


def without_unreadable(source: ImageSource, *, check: Callable[[], None]) -> ImageSource:
    """The images that can be read, found by decoding each once; how many are left out is noted.

    Args:
        source: Any.
        check: Called before each; raises to stop.
    """
    kept, lost = [], []
    for index in range(len(source.labels)):
        check()
        try:
            source.image(index)
        except UnreadablePictureError as error:
            lost.append(error.picture)
        else:
            kept.append(index)
    if not lost:
        return source
    return source.picked(kept, left_out(lost, len(source.labels)))
