"""Sources of evaluation images: a tensor file, a file with labels, or a folder of images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from analysis.listing import few
from app.errors import ZooError
from app.zoo.images.class_folders import folders_of_classes, pictures_in
from app.zoo.images.labelled import Labelled, class_indices
from app.zoo.images.pictures import Resize, as_pixels, decoded, require_picture
from app.zoo.roots import Roots
from cache.checkpoints import open_checkpoint
from cache.errors import CheckpointError

CHECKED = 2000
"""Pictures of a folder, evenly spread, whose headers are read when it is opened."""


@dataclass(frozen=True, slots=True, eq=False)
class ImageSource:
    """Labels of every image, and the images one at a time, since decoding can be slow."""

    labels: Tensor
    """Class indices, (N,), int64."""
    image: Callable[[int], Tensor]
    """Image i as uint8, (3, H, W)."""
    notes: tuple[str, ...] = ()
    """What may be wrong with it, each in half a sentence."""


def tensor_file(path: Path, *, image_size: tuple[int, int]) -> ImageSource:
    """Read a file of tensors that holds `images` uint8 (N, H, W, 3) and `labels` int64 (N,).

    Raises:
        FileError: The file cannot be read.
        ZooError: It is no file of tensors, or a tensor is missing or of another type or shape.
    """
    try:
        file = open_checkpoint(path)
        if not {"images", "labels"} <= file.entries.keys():
            raise ZooError(f"'{path.name}' holds {few(file.entries)}; it must hold images and labels.")
        images, labels = file.read("images"), file.read("labels")
    except CheckpointError as error:
        raise ZooError(f"Evaluation images cannot be read: {error}") from error
    if images.dtype != torch.uint8 or images.ndim != 4 or images.shape[3] != 3:
        raise ZooError(
            f"'{path.name}': images are {images.dtype} of shape {tuple(images.shape)}; "
            "they must be uint8 of shape (N, H, W, 3)."
        )
    if labels.dtype != torch.int64 or labels.shape != images.shape[:1]:
        raise ZooError(
            f"'{path.name}': labels are {labels.dtype} of shape {tuple(labels.shape)}; "
            f"they must be int64 of shape ({len(images)},), one per image."
        )
    height, width = images.shape[1:3]
    if (height, width) != image_size:
        raise ZooError(
            f"'{path.name}': images are {height}x{width}, the encoder takes {image_size[0]}x{image_size[1]}. "
            "Resize them when the file is made."
        )
    return ImageSource(labels, lambda index: images[index].permute(2, 0, 1))


def labelled_images(labelled: Labelled, *, classes: Sequence[str], resize: Resize) -> ImageSource:
    """Images whose file states a label for each.

    Raises:
        ZooError: A label is no class.
    """
    labels = class_indices(labelled, classes)
    return ImageSource(labels, lambda index: as_pixels(labelled.image(index), resize), labelled.notes)


def image_folder(
    path: Path,
    *,
    classes: Sequence[str],
    resize: Resize,
    roots: Roots,
    check: Callable[[], None],
) -> ImageSource:
    """Read a folder that holds one folder of pictures per class, with the name of the class.

    The headers of up to `CHECKED` pictures are read; decoding comes later.

    Raises:
        FileError: A picture cannot be opened.
        ZooError: The folders are not the classes, a link leads out of the roots, or a file that is named as
            a picture is none.
    """
    folders = folders_of_classes(path, classes, roots)
    pictures = [tuple(pictures_in(folder, roots)) for folder in folders]
    files = [(file, label) for label, found in enumerate(pictures) for file in found]
    for file, _ in files[:: max(1, len(files) // CHECKED)]:
        check()
        require_picture(file)
    empty = [name for name, found in zip(classes, pictures, strict=True) if not found]
    notes = (f"no picture of {few(empty)}",) if files and empty else ()
    labels = torch.tensor([label for _, label in files], dtype=torch.int64)
    return ImageSource(labels, lambda index: decoded(files[index][0], resize), notes)
