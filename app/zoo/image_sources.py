"""Sources of evaluation images: a tensor file, or a folder of images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from PIL import Image, UnidentifiedImageError
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor
from torchvision.transforms.functional import pil_to_tensor

from analysis.listing import difference, few
from app.errors import ZooError
from app.zoo.roots import Roots
from cache.regular_files import open_regular, require_regular

Resize = Callable[[Image.Image], Image.Image]


@dataclass(frozen=True, slots=True, eq=False)
class ImageSource:
    """Labels of every image, and the images one at a time, since decoding can be slow."""

    labels: Tensor
    """Class indices, (N,), int64."""
    image: Callable[[int], Tensor]
    """Image i as uint8, (3, H, W)."""


def tensor_file(path: Path, *, image_size: tuple[int, int]) -> ImageSource:
    """Read a safetensors file with `images` uint8 (N, H, W, 3) and `labels` int64 (N,).

    Raises:
        FileError: The file cannot be read.
        ZooError: It is no safetensors file, or a tensor is missing or of another type or shape.
    """
    require_regular(path)
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise ZooError(f"Evaluation file '{path.name}' cannot be read: {error}.") from error
    if not {"images", "labels"} <= tensors.keys():
        raise ZooError(f"'{path.name}' holds {few(tensors)}; it must hold images and labels.")
    # Copies: the file is mapped, and rewriting it in place would change or remove the pages in use.
    images, labels = tensors["images"].clone(), tensors["labels"].clone()
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


def image_folder(path: Path, *, classes: Sequence[str], resize: Resize, roots: Roots) -> ImageSource:
    """Read a folder that holds one folder of images per class, with the name of the class.

    Raises:
        ZooError: The folders are not exactly the classes, or a link leads out of the roots; later, a file is
            not an image.
    """
    found = folder_classes(path)
    if set(found) != set(classes):
        raise ZooError(
            f"The folders in '{path.name}' are not the task's classes: {difference(found, classes)}. "
            "Name each folder as its class."
        )
    files = [(file, label) for label, name in enumerate(classes) for file in sorted((path / name).iterdir())]
    for linked in (*(path / name for name in classes), *(file for file, _ in files)):
        roots.require_link(linked)
    labels = torch.tensor([label for _, label in files], dtype=torch.int64)
    return ImageSource(labels, lambda index: _decoded(files[index][0], resize))


def folder_classes(path: Path) -> tuple[str, ...]:
    """Names of the class folders, sorted."""
    return tuple(sorted(folder.name for folder in path.iterdir() if folder.is_dir()))


def as_pixels(image: Image.Image, resize: Resize) -> Tensor:
    """Resize to what the encoder takes, uint8 (3, H, W)."""
    pixels: Tensor = pil_to_tensor(resize(image))
    return pixels


def _decoded(path: Path, resize: Resize) -> Tensor:
    try:
        with open_regular(path) as file, Image.open(file) as image:
            return as_pixels(image, resize)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ZooError(f"'{path}' cannot be read as an image: {error}.") from error
