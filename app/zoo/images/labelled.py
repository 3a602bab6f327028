"""Images with labels that are numbers or names, and the class that each label stands for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import normalize

import torch
from PIL import Image
from torch import Tensor

from analysis.listing import difference
from app.errors import ZooError


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Images of a file that states a label for each."""

    name: str
    """Of the file, for messages."""
    labels: Sequence[int] | Sequence[str]
    """One per image: the number or the name of its class."""
    names: tuple[str, ...] | None
    """Names of the numbered classes, where the file states them."""
    image: Callable[[int], Image.Image]
    """Image i, with 8 bits a channel."""
    notes: tuple[str, ...] = ()
    """What may be wrong with it, each in half a sentence."""
    files: tuple[Path, ...] = ()
    """Of the pictures, where each has its own."""

    @property
    def class_names(self) -> tuple[str, ...] | None:
        """Names of the classes in the order of their numbers; None where the file has numbers alone."""
        if self.names is not None:
            return self.names
        named = [label for label in self.labels if isinstance(label, str)]
        return tuple(sorted(set(named))) if named else None


def class_indices(labelled: Labelled, classes: Sequence[str]) -> Tensor:
    """The class of each image, (N,), int64.

    Labels that have names are matched by them, whatever their order; case and "_" for a blank may differ
    where only one class fits. Numbers without names are the classes' own.

    Args:
        labelled: The images.
        classes: Names in the order of the head's rows, (C,).

    Raises:
        ZooError: A name is no class.
    """
    own = labelled.class_names
    if own is None:
        return torch.tensor(list(labelled.labels), dtype=torch.int64)
    places = _places(own, classes)
    if places is None and labelled.names is not None and len(own) == len(classes):
        places = dict(zip(own, range(len(classes)), strict=True))  # other words for the same classes
    if places is None:
        raise ZooError(
            f"The labels in '{labelled.name}' are not the task's classes: {difference(own, classes)}. State "
            "the classes as the labels are called."
        )
    found = [places[own[one] if isinstance(one, int) else one] for one in labelled.labels]
    return torch.tensor(found, dtype=torch.int64)


def _places(own: Sequence[str], classes: Sequence[str]) -> dict[str, int] | None:
    """Place of each label among the classes; None where one is none of them, or two are the same."""
    for spelled in (str, _plain):
        known = {spelled(name): place for place, name in enumerate(classes)}
        wanted = {spelled(name) for name in own}
        if len(known) == len(classes) and len(wanted) == len(own) and wanted <= known.keys():
            return {name: known[spelled(name)] for name in own}
    return None


def _plain(name: str) -> str:
    return normalize("NFC", name).casefold().replace("_", " ").strip()
