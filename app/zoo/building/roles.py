"""Roles of what lies in a folder: the base, the tasks with their heads and images, and the encoder."""

import json
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import open_clip

from analysis.listing import few
from app.errors import ZooError
from app.zoo.building.found_files import Found, FoundFiles, Kind
from app.zoo.building.parts import TaskParts, ZooParts
from app.zoo.building.prompted_heads import give_templates
from app.zoo.encoder_config import read_encoder_config
from app.zoo.images.parquet import parquet_files
from app.zoo.images.pictures import picture_extensions
from cache.errors import FileError
from cache.regular_files import read_text

_BASES = (
    "zeroshot",
    "zero_shot",
    "nonlinear_zeroshot",
    "base",
    "pretrained",
    "pre_trained",
    "init",
    "original",
)
_GENERIC = re.compile(
    r"(?:nonlinear_)?finetuned|(?:pytorch_)?model|weights|last|best|checkpoint|checkpoints|open_clip_\w+"
    r"|epoch[_-]?\d+|step[_-]?\d+|adapter_model|single_task|models"
)
"""Names that say nothing about the task: the folder above does."""
_SPLITS = {"val": ("val", "valid", "validation"), "test": ("test",)}
_CONFIGS = ("open_clip_config.json", "config.json", "model_config.json")
_MOST_BYTES = 1_000_000
_PAPERS_SPLIT = re.compile(r"(?<=\w)Val$")
"""Ending of the papers' names of tasks: fine-tuned while a part of the training images was held out."""
_PAPERS_ACTIVATION = "-quickgelu"
"""Ending of open_clip's names for OpenAI's weights, which the papers fine-tuned."""


def zoo_parts(files: FoundFiles, *, base: str | None = None) -> ZooParts:
    """Give everything that was found its role.

    Args:
        files: Of the folder.
        base: Path of the base inside the folder, where its name does not give it away.

    Raises:
        ZooError: No base can be made out, or nothing is left for a task.
    """
    models = files.of(Kind.MODEL, Kind.ADAPTER)
    chosen, notes = _base(files, models, base)
    others = [one for one in models if one is not chosen and _called(one) not in _BASES]
    if not others:
        raise ZooError(f"'{files.root}' holds '{chosen.path}' and no model beside it; a zoo has tasks too.")
    tasks = [TaskParts(name, one.path) for one, name in zip(others, _task_names(others, chosen), strict=True)]
    for task, one in zip(tasks, others, strict=True):
        task.head = _head(task.name, files.of(Kind.HEAD))
        if task.head is None and len(one.tensors) == 1:
            task.head = f"{one.path}#{one.tensors[0]}"
            task.classes = _stated_classes(files.root / one.path)
        task.images = _images(task.name, files)
    encoder = _encoder(files.root, chosen)
    if encoder is not None:
        notes += give_templates(tasks, files.root, chosen.path)
    if halved := [task.name for task in tasks if "images" in task.images]:
        notes.append(
            f"Nothing splits the images of {few(halved, 3)}: a half of each class is taken for validation, "
            "the other for test; where a model was fine-tuned on a part of them, it is scored too high."
        )
    if encoder is not None and encoder.endswith(_PAPERS_ACTIVATION):
        notes.append(
            f"The folders name {encoder.removesuffix(_PAPERS_ACTIVATION)}; {encoder} was taken, since the "
            "papers fine-tuned OpenAI's weights, which need its activation."
        )
    return ZooParts(chosen.path, tasks, encoder, notes)


def _called(one: Found) -> str:
    return one.stem.lower()


def _base(files: FoundFiles, models: Sequence[Found], given: str | None) -> tuple[Found, list[str]]:
    whole = [one for one in models if one.kind is Kind.MODEL]
    if given is not None:
        named = [one for one in whole if str(one.path) == given.rstrip("/")]
        if not named:
            raise ZooError(f"'{given}' is no model in '{files.root}'; it holds {_listed(whole)}.")
        return named[0], []
    fitting = [one for one in whole if _called(one) in _BASES]
    if fitting:
        first, *rest = sorted(fitting, key=lambda one: (_BASES.index(_called(one)), one.path))
        taken = f"Of {len(fitting)} models with the name of a base, '{first.path}' was taken."
        return first, [taken] if rest else []
    if len(whole) == 1 and len(models) > 1:
        return whole[0], []
    stems = {one.stem for one in models}
    beginning = [one for one in whole if sum(stem.startswith(one.stem) for stem in stems) > len(stems) / 2]
    if beginning:
        return min(beginning, key=lambda one: len(one.stem)), []
    raise ZooError(
        f"'{files.root}' holds {_listed(whole)}, and no name states which of them is the base."
        if whole
        else f"'{files.root}' holds no model that can be read."
    )


def _listed(models: Iterable[Found]) -> str:
    return few([f"'{one.path}'" for one in models], 5)


def _task_names(models: Sequence[Found], base: Found) -> list[str]:
    names = [_own_name(one) for one in models]
    if all(name.startswith(base.stem) and len(name) > len(base.stem) for name in names):
        names = [name.removeprefix(base.stem).strip("-_. ") for name in names]
    names = [_PAPERS_SPLIT.sub("", name) for name in names]
    if len(names) > 1:
        names = _without_common_end(names)
    if len(set(names)) < len(names) or not all(names):
        return [str(one.path) for one in models]
    return names


def _own_name(one: Found) -> str:
    """The last part of the path that says something, without the endings of files."""
    parts = [*one.path.parts[:-1], one.stem]
    return next((part for part in reversed(parts) if not _GENERIC.fullmatch(part.lower())), one.stem)


def _without_common_end(names: Sequence[str]) -> list[str]:
    """Names without the parts that all end in, such as "_lora-16"."""
    parts = [re.split(r"(?=[_])", name) for name in names]
    while all(len(one) > 1 for one in parts) and len({one[-1] for one in parts}) == 1:
        parts = [one[:-1] for one in parts]
    return ["".join(one) for one in parts]


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _head(task: str, heads: Sequence[Found]) -> str | None:
    for one in heads:
        own = re.sub(r"^(?:classification_)?heads?_", "", one.stem, flags=re.IGNORECASE)
        if _plain(own.removesuffix("Val")) == _plain(task):
            return str(one.path)
    for one in heads:
        for name in one.tensors:
            if _plain(name) == _plain(task):
                return f"{one.path}#{name}"
    return None


def _stated_classes(model: Path) -> tuple[str, ...]:
    """Class names in the config of a model's folder, unless they are only numbered; none for a file."""
    try:
        config = json.loads(read_text(model / "config.json", limit=_MOST_BYTES))
        named = {int(number): str(name) for number, name in config["id2label"].items()}
        names = tuple(named[number] for number in range(len(named)))
    except (FileError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return ()
    is_numbered = all(name == f"LABEL_{number}" for number, name in enumerate(names))
    return () if is_numbered or not all(name.strip() for name in names) else names


def _images(task: str, files: FoundFiles) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for split, words in _SPLITS.items():
        for one in files.of(Kind.IMAGES):
            if any(_plain(one.stem) == _plain(task + word) for word in words):
                found.setdefault(split, one.path)
    for folder in _folders_called(task, files.root):
        for split, words in _SPLITS.items():
            if parquet_files(folder, split):
                found.setdefault(split, folder.relative_to(files.root))
            for word in words:
                if _has_class_folders(folder / word):
                    found.setdefault(split, (folder / word).relative_to(files.root))
    return found or _unsplit(task, files.root)


def _unsplit(task: str, root: Path) -> dict[str, Path]:
    """A folder with a task's name whose folders are all pictures', or one called images in it."""
    for folder in _folders_called(task, root):
        for place in (folder, folder / "images"):
            if _has_class_folders(place) and all(map(_holds_pictures, _folders(place))):
                return {"images": place.relative_to(root)}
    return {}


def _holds_pictures(folder: Path) -> bool:
    try:
        return any(one.suffix.lower() in picture_extensions() for one in folder.iterdir())
    except OSError:
        return False


def _folders_called(task: str, root: Path) -> list[Path]:
    """Folders with a task's name, in the folder itself or one level below."""
    inside = _folders(root)
    below = [*inside, *(one for folder in inside for one in _folders(folder))]
    return [folder for folder in below if _plain(folder.name) == _plain(task)]


def _has_class_folders(folder: Path) -> bool:
    return len(_folders(folder)) > 1


def _folders(folder: Path) -> list[Path]:
    """Folders right below a folder; none where it cannot be listed."""
    try:
        return sorted(one for one in folder.iterdir() if one.is_dir())
    except OSError:
        return []


def _encoder(root: Path, base: Found) -> str | None:
    """A config that describes an image encoder, beside the base or above it, or a name in the path."""
    inside = [
        folder for folder in (root / base.path, *(root / base.path).parents) if folder.is_relative_to(root)
    ]
    for path in (folder / name for folder in inside if folder.is_dir() for name in _CONFIGS):
        with suppress(ZooError, FileError):
            read_encoder_config(path)
            return str(path.relative_to(root))
    known: dict[str, str] = {name.lower(): name for name in open_clip.list_models()}
    for part in reversed(base.path.parts[:-1]):
        named = known.get(f"{part.lower()}{_PAPERS_ACTIVATION}") or known.get(part.lower())
        if named:
            return named
    return None
