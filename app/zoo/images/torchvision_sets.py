"""Data sets of torchvision under a data root; nothing is downloaded here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torchvision import datasets

from app.errors import MissingDataError, ZooError
from app.zoo.images.image_sources import ImageSource
from app.zoo.images.pictures import Resize, as_pixels

_BY_FLAG: dict[str, dict[str, Any]] = {"train": {"train": True}, "test": {"train": False}}
_BY_NAME: dict[str, dict[str, Any]] = {"train": {"split": "train"}, "test": {"split": "test"}}
_PETS: dict[str, dict[str, Any]] = {"train": {"split": "trainval"}, "test": {"split": "test"}}

_SPLITS: Mapping[str, Mapping[str, dict[str, Any]]] = {
    "MNIST": _BY_FLAG,
    "FashionMNIST": _BY_FLAG,
    "KMNIST": _BY_FLAG,
    "CIFAR10": _BY_FLAG,
    "CIFAR100": _BY_FLAG,
    "SVHN": _BY_NAME,
    "STL10": _BY_NAME,
    "DTD": _BY_NAME,
    "GTSRB": _BY_NAME,
    "Food101": _BY_NAME,
    "Flowers102": _BY_NAME,
    "StanfordCars": _BY_NAME,
    "RenderedSST2": _BY_NAME,
    "OxfordIIITPet": _PETS,
}
"""Data sets whose labels can be read without decoding an image, and how they name their splits."""

_VALIDATION_SHARE, _VALIDATION_CAP = 0.1, 5000


def torchvision_set(name: str, split: str, *, root: Path | None, resize: Resize) -> ImageSource:
    """Open a data set that has been downloaded before.

    `test` is the data set's own. `val` is the tenth of its training split, at most 5,000 images, that
    torch's `random_split` with seed 0 holds out, as the task-vector papers do.

    Args:
        name: torchvision's class name.
        split: "val" or "test".
        root: Folder of torchvision's data sets; None if none is given.
        resize: Resizes an image to what the encoder takes.

    Raises:
        ZooError: The name is not supported.
        MissingDataError: No root was named, or the data set is not there.
    """
    if name not in _SPLITS:
        raise ZooError(f"torchvision set '{name}' is not supported; choose one of {', '.join(_SPLITS)}.")
    if root is None:
        raise MissingDataError(
            f"'torchvision:{name}' needs a data root, the folder that holds it; give it with --data."
        )
    try:
        data = getattr(datasets, name)(root, **_SPLITS[name]["test" if split == "test" else "train"])
    except (RuntimeError, OSError) as error:
        raise MissingDataError(
            f"torchvision's {name} is not complete under '{root}'. To download it: "
            f'python -c "from torchvision.datasets import {name} as d; d({str(root)!r}, download=True)".'
        ) from error
    labels = _labels(data)
    indices = torch.arange(len(labels)) if split == "test" else _held_out(len(labels))
    return ImageSource(labels[indices], lambda i: as_pixels(data[int(indices[i])][0], resize))


def _labels(data: Any) -> torch.Tensor:
    for attribute in ("targets", "labels", "_labels"):
        if hasattr(data, attribute):
            return torch.as_tensor(getattr(data, attribute), dtype=torch.int64)
    return torch.tensor([label for _, label in data._samples], dtype=torch.int64)


def _held_out(n: int) -> torch.Tensor:
    held = min(int(n * _VALIDATION_SHARE), _VALIDATION_CAP)
    return torch.randperm(n, generator=torch.Generator().manual_seed(0))[n - held :]
