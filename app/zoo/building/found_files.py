"""Models, heads and image files in a folder, recognised by their names and tables of contents."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.errors import ZooError
from app.words.plain_text import sentence_of
from cache.checkpoints import Checkpoint, open_checkpoint
from cache.errors import CacheError, FileError
from cache.lora import is_adapter, open_adapter
from cache.model_files import model_files

_DEEPEST, _MOST = 8, 20_000
"""Levels of folders, and entries, that are looked at."""
_ENDINGS = (".safetensors", ".bin", ".pt", ".pth", ".ckpt")
_BESIDE = ("optimizer", "scheduler", "rng_state", "scaler", "training_args", "trainer_state", ".")
_LINEARISED = re.compile(r"linear_")
_HEAD = re.compile(r"(?:classification_)?heads?(?:_|$)", re.IGNORECASE)
_LAST_LAYER = re.compile(r"(?:\w+\.)?(?:classification_head|classifier|head|fc)(?:\.\d+)?\.weight")
_CONFIGS = ("config.json", "open_clip_config.json")
_IMAGES = {"images", "labels"}


class Kind(StrEnum):
    """What a file or a folder holds."""

    MODEL = "model"
    ADAPTER = "adapter"
    HEAD = "head"
    IMAGES = "images"


@dataclass(frozen=True, slots=True)
class Found:
    """A file, or a folder that is one model."""

    path: Path
    """Relative to the folder that was looked through."""
    kind: Kind
    tensors: tuple[str, ...] = ()
    """Names of heads: all of a file of heads, and a model's own last layer."""

    @property
    def stem(self) -> str:
        """Its name, of a file without the endings."""
        name = self.path.name
        for ending in (".tar", *_ENDINGS):
            name = name.removesuffix(ending)
        return name


@dataclass(slots=True)
class FoundFiles:
    """What a folder holds."""

    root: Path
    found: list[Found] = field(default_factory=list)
    aside: dict[str, str] = field(default_factory=dict)
    """Why a file was left aside, in one sentence, by its path."""

    def of(self, *kinds: Kind) -> list[Found]:
        """Everything of some kinds, in the order of the paths."""
        return [one for one in self.found if one.kind in kinds]


def found_files(root: Path) -> FoundFiles:
    """Look through a folder; tables of contents are read, weights are not.

    Args:
        root: The folder.

    Raises:
        ZooError: It is no folder, cannot be listed, or holds more than anybody would look through.
    """
    files = FoundFiles(root)
    looked_at = 0
    for path in _candidates(root, 0):
        looked_at += 1
        if looked_at > _MOST:
            raise ZooError(
                f"'{root}' holds more than {_MOST} files and folders; name the folder of the models."
            )
        name = str(path.relative_to(root))
        if _LINEARISED.match(path.name):
            files.aside[name] = (
                "It is a linearised model; name it as a task's checkpoint to merge in the tangent space."
            )
            continue
        try:
            files.found.append(_recognised(root, path))
        except CacheError as error:
            files.aside[name] = sentence_of(error)
    return files


def _candidates(folder: Path, depth: int) -> Iterator[Path]:
    """Files of weights and folders that are one model, by path; links to elsewhere are not followed."""
    try:
        with os.scandir(folder) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except (OSError, ValueError) as error:
        if depth == 0:
            raise ZooError(f"'{folder}' cannot be looked through: {error}.") from error
        return
    for entry in listed:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            if _is_model(path):
                yield path
            elif depth < _DEEPEST:
                yield from _candidates(path, depth + 1)
        elif _is_weights(entry.name):
            yield path


def _is_weights(name: str) -> bool:
    bare = name.removesuffix(".tar")
    return bare.endswith(_ENDINGS) and not name.startswith(_BESIDE)


def _is_model(folder: Path) -> bool:
    """Whether a folder is one model as Hugging Face writes it, or an adapter."""
    if is_adapter(folder):
        return True
    if not any((folder / name).is_file() for name in _CONFIGS):
        return False
    try:
        model_files(folder)
    except FileError:  # none, several of which none is named as a whole model is, or not to be listed
        return False
    return True


def _recognised(root: Path, path: Path) -> Found:
    own = path.relative_to(root)
    if is_adapter(path):
        open_adapter(path)
        return Found(own, Kind.ADAPTER)
    checkpoint = open_checkpoint(path)
    if checkpoint.entries.keys() >= _IMAGES:
        return Found(own, Kind.IMAGES)
    if _is_head(path, checkpoint):
        return Found(own, Kind.HEAD, tuple(entry.sources[0] for entry in checkpoint.entries.values()))
    last = (
        source
        for entry in checkpoint.entries.values()
        for source in entry.sources
        if len(entry.shape) == 2 and _LAST_LAYER.fullmatch(source)
    )
    return Found(own, Kind.MODEL, tuple(last))


def _is_head(path: Path, checkpoint: Checkpoint) -> bool:
    """Whether a file holds nothing but matrices and vectors under names that are no layers'."""
    if not _HEAD.match(path.name.partition(".")[0]):
        return False
    return all(len(entry.shape) <= 2 for entry in checkpoint.entries.values())
