"""Evaluation sets: images on the device as bytes, in an order whose every prefix is a fair sample."""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
from torch import Tensor

from app.errors import ZooError
from app.zoo.encoder import ImageEncoder
from app.zoo.images.duplicates import n_shared
from app.zoo.images.image_sources import (
    ImageSource,
    image_folder,
    labelled_images,
    tensor_file,
    without_unreadable,
)
from app.zoo.images.labelled_files import labelled_file
from app.zoo.images.torchvision_sets import torchvision_set
from app.zoo.roots import Roots

_TORCHVISION = "torchvision:"
_SEED_OF_HALVES = 1
"""Never changed: the halves of a zoo are the same on every machine."""


class EvalSet:
    """One split of one task: labels of all images, and pixels of those requested so far."""

    def __init__(
        self, source: ImageSource, *, task: str, split: str, classes: Sequence[str], device: torch.device
    ) -> None:
        """Check the labels and fix the order; no image is decoded.

        Raises:
            ZooError: There is no image, or a label lies outside the classes.
        """
        _require_labels(source.labels, task=task, split=split, n_classes=len(classes))
        self.task, self.split, self.classes = task, split, tuple(classes)
        self.order = nested_order(source.labels)
        """Position in the source of each image, (N,), int64."""
        self.labels = source.labels[self.order].to(device)
        """True classes in nested order, (N,), int64."""
        self.notes = source.notes
        """What may be wrong with its images, each in half a sentence."""
        self._source = source
        self._images = torch.empty(0, dtype=torch.uint8, device=device)
        self._decoded: list[Tensor] = []  # kept when decoding is stopped: the next call goes on from there

    def __len__(self) -> int:
        return len(self.order)

    def n_shared_with(self, other: "EvalSet", *, check: Callable[[], None]) -> int | None:
        """Number of its images that another set has too, to the byte; None where that is not looked for.

        Args:
            other: Of the same task.
            check: Called often; raises to stop.

        Raises:
            FileError: A picture cannot be opened.
        """
        return n_shared(self._source, other._source, check=check)

    def images(self, n: int, *, check: Callable[[], None]) -> Tensor:
        """Get the first n images in nested order, or all where there are fewer.

        Images are decoded when first requested and stay on the device.

        Args:
            n: At least 1.
            check: Called before each image that must be decoded; raises to stop.

        Returns:
            Uint8, (n, 3, H, W).

        Raises:
            ZooError: A file is not an image.
        """
        n = min(n, len(self))
        held = len(self._images)
        if held < n:
            for position in self.order[held + len(self._decoded) : n].tolist():
                check()
                self._decoded.append(self._source.image(position))
            fresh = torch.stack(self._decoded).to(self._images.device)
            self._images = torch.cat([self._images, fresh])
            self._decoded.clear()
        return self._images[:n]


def load_eval_set(
    source: str,
    *,
    task: str,
    split: str,
    classes: Sequence[str],
    encoder: ImageEncoder,
    device: torch.device,
    roots: Roots,
    check: Callable[[], None],
    data_root: Path | None = None,
    leaves_out_unreadable: bool = False,
    takes_half: bool = False,
) -> EvalSet:
    """Open an evaluation set.

    Args:
        source: Path of a file of tensors (safetensors, torch) or arrays (npz), of a Parquet file or a folder
            of them, of a table of image files or of a class-per-folder image folder, or "torchvision:NAME".
        task: Task or control it belongs to.
        split: "val" or "test".
        classes: Names in the order of the labels, (C,).
        encoder: Determines the size of the images.
        device: Where the images are kept.
        roots: Where links among the images may lead.
        check: Called again and again; raises to stop.
        data_root: Folder of torchvision's data sets.
        leaves_out_unreadable: Whether pictures that cannot be read are left out; each is then decoded here.
        takes_half: Whether the source has both splits unmarked, and only this one's half is taken.

    Raises:
        FileError: A file cannot be opened.
        ZooError: The source cannot be read, or does not fit the encoder or the classes.
    """
    path = Path(source)
    if source.startswith(_TORCHVISION):
        name = source.removeprefix(_TORCHVISION)
        images = torchvision_set(name, split, root=data_root, resize=encoder.resize)
    elif (labelled := labelled_file(source, split, roots)) is not None:
        images = labelled_images(
            labelled,
            classes=classes,
            resize=encoder.resize,
            leaves_out_unreadable=leaves_out_unreadable,
            check=check,
        )
    elif path.is_dir():
        images = image_folder(
            path,
            classes=classes,
            resize=encoder.resize,
            roots=roots,
            leaves_out_unreadable=leaves_out_unreadable,
            check=check,
        )
    else:
        images = tensor_file(
            path, split, classes=classes, image_size=encoder.image_size, resize=encoder.resize
        )
    if leaves_out_unreadable:
        images = without_unreadable(images, check=check)
    if takes_half:
        images = images.picked(_half(images.labels, split))
    return EvalSet(images, task=task, split=split, classes=classes, device=device)


def nested_order(labels: Tensor, *, seed: int = 0) -> Tensor:
    """Order images so that the first n are a stratified sample, and part of the first n + 1.

        key of the j-th of a class's n_c shuffled images = (j + u_c) / n_c, u_c uniform in [0, 1)

    Up to a given key each class has shown the same share of its images, within one image. With classes
    of one size, their counts in any prefix differ by at most one.

    Args:
        labels: Class indices, (N,), int64.
        seed: Of the shuffle and the u_c.

    Returns:
        A permutation of 0…N−1, (N,), int64; the same for the same labels and seed.
    """
    generator = torch.Generator().manual_seed(seed)
    keys = torch.empty(len(labels), dtype=torch.float64)
    for label in torch.unique(labels):
        members = (labels == label).nonzero()[:, 0]
        shuffled = members[torch.randperm(len(members), generator=generator)]
        offset = torch.rand(1, generator=generator, dtype=torch.float64)
        keys[shuffled] = (torch.arange(len(members)) + offset) / len(members)
    return keys.argsort(stable=True)


def _half(labels: Tensor, split: str) -> list[int]:
    """Positions of a split's half: of each class every second image, shuffled, and so of classes in turn."""
    order = nested_order(labels, seed=_SEED_OF_HALVES)
    by_class = order[labels[order].argsort(stable=True)]
    halves: list[int] = by_class[("val", "test").index(split) :: 2].sort().values.tolist()
    return halves


def _require_labels(labels: Tensor, *, task: str, split: str, n_classes: int) -> None:
    if not len(labels):
        raise ZooError(f"The {split} set of '{task}' holds no images; it needs at least one.")
    low, high = int(labels.min()), int(labels.max())
    if low < 0 or high >= n_classes:
        raise ZooError(
            f"Labels in the {split} set of '{task}' run from {low} to {high}; "
            f"with {n_classes} classes they must lie in 0…{n_classes - 1}."
        )
