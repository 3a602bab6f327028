"""Pools of models and tasks as FusionBench writes them in YAML; nothing that they name is called.

Formats: Tang et al., FusionBench, arXiv:2406.03280.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.errors import AnalysisError
from app.errors import USER_ERRORS, ZooError
from app.words.plain_text import sentence_of
from app.words.yaml_reader import read_yaml
from app.zoo.building.parts import TaskParts, ZooParts
from app.zoo.models.hub_models import hub_model
from cache.regular_files import read_text, resolved

MAX_BYTES = 200_000
"""Largest file read; a pool of twenty models has about 2 kB."""

_ENDINGS = (".yaml", ".yml")
_BASE = "_pretrained_"
_POOLS = ("fusion_bench.modelpool.", "fusion_bench.taskpool.")
_PATHS = ("pickle_path", "peft_name", "pretrained_model_name_or_path", "model_name", "path", "name")
"""Arguments that give a model's place, the most telling first."""
_LOADERS = re.compile(
    r"(?:transformers\.\w+\.from_pretrained|peft\.\w+\.from_pretrained|fusion_bench\.[\w.]*load_\w+"
    r"|datasets\.load_dataset|datasets\.load_from_disk)"
)
"""Functions whose arguments say where something lies."""
_SPLITS = {"val_datasets": "val", "test_datasets": "test"}
_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")
_ABOVE = 3
"""Folders above the file in which its paths may begin."""
_REFERENCE = re.compile(r"\$\{(\.*)([\w.]+)\}")
_MOST_REFERENCES = 20


@dataclass(slots=True)
class Pool:
    """What a file names, relative to the folder where its paths begin."""

    root: Path
    parts: ZooParts
    aside: dict[str, str] = field(default_factory=dict)
    """Why a task or a data set cannot be taken, by its name, in one sentence."""


def is_pool(path: Path) -> bool:
    """Whether a path is that of a YAML file."""
    return path.suffix in _ENDINGS


def read_pool(path: Path) -> Pool:
    """Read a pool of models, with the heads and test sets that stand in it.

    Args:
        path: Of a model pool.

    Raises:
        FileError: The file cannot be read.
        ZooError: It is no model pool, its base is nowhere, or none of its models can be taken.
    """
    text = read_text(path, limit=MAX_BYTES)
    try:
        document = read_yaml(text, what=f"'{path.name}'")
    except AnalysisError as error:
        raise ZooError(sentence_of(error)) from error
    models = document.get("models") if isinstance(document, dict) else None
    if not str(document.get("_target_", "") if models else "").startswith(_POOLS) or not isinstance(
        models, dict
    ):
        raise ZooError(f"'{path.name}' is no model pool of FusionBench: it has no _target_ and models.")
    reader = _Reader(document, path)
    base = reader.place(("models", _BASE))
    root = reader.root(base)
    taken = reader.model(root, ("models", _BASE))
    parts = ZooParts(taken, [], reader.encoder(root, taken), reader.notes())
    pool = Pool(root, parts)
    for name in models:
        if name != _BASE:
            _take(pool, reader, str(name))
    if not parts.tasks:
        why = "; ".join(f"{name}: {reason.rstrip('.')}" for name, reason in pool.aside.items())
        raise ZooError(f"None of the models in '{path.name}' can be taken. {why}.")
    return pool


def _take(pool: Pool, reader: "_Reader", name: str) -> None:
    try:
        task = TaskParts(name, reader.model(pool.root, ("models", name)))
    except USER_ERRORS as error:
        pool.aside[name] = sentence_of(error)
        return
    if (head := reader.found(pool.root, ("classification_heads", name))) is not None:
        task.head = str(head)
    for table, split in _SPLITS.items():
        try:
            if (images := reader.found(pool.root, (table, name))) is not None:
                task.images[split] = images
        except ZooError as error:
            pool.aside[f"{table} of {name}"] = sentence_of(error)
    pool.parts.tasks.append(task)


class _Reader:
    """One document, whose entries are looked up by their keys."""

    def __init__(self, document: Mapping[str, Any], path: Path) -> None:
        self._document, self._path = document, path

    def notes(self) -> list[str]:
        """What stands in other files, as sentences."""
        defaults = self._document.get("defaults")
        listed = defaults if isinstance(defaults, list) else []
        elsewhere = [key for one in listed if isinstance(one, dict) for key in one]
        if not elsewhere:
            return []
        return [
            f"'{self._path.name}' takes {', '.join(elsewhere)} from Hydra's defaults, which are other files."
        ]

    def place(self, keys: tuple[str, ...]) -> str | None:
        """Where an entry says that something lies; None where there is no such entry.

        Raises:
            ZooError: It is made by a function that is none of the known loaders, or states no place.
        """
        entry = self._entry(keys)
        if entry is None:
            return None
        if isinstance(entry, str):
            return self._resolved(entry, keys)
        name = keys[-1]
        if not isinstance(entry, dict):
            raise ZooError(f"'{name}' in '{self._path.name}' states no path.")
        target = entry.get("_target_")
        if target is not None and not _LOADERS.fullmatch(str(target)):
            raise ZooError(
                f"'{name}' is made by {target}, which is code and is not run; give a path instead."
            )
        for key in _PATHS:
            if isinstance(value := entry.get(key), str):
                if key == "model_name" and target is None:
                    continue  # open_clip's name of the architecture
                return self._resolved(value, (*keys, key))
        raise ZooError(f"'{name}' in '{self._path.name}' states no path.")

    def architecture(self) -> str | None:
        """open_clip's name of the base's architecture, where the pool states it."""
        entry = self._entry(("models", _BASE))
        name = entry.get("model_name") if isinstance(entry, dict) and "_target_" not in entry else None
        return name if isinstance(name, str) else None

    def root(self, base: str | None) -> Path:
        """The folder where paths begin: of those above the file, the first that holds the base."""
        folder = resolved(self._path.parent)
        if base is None:
            raise ZooError(f"'{self._path.name}' names no {_BASE}, which is the base.")
        above = [folder, *folder.parents][: _ABOVE + 1]
        found = next((one for one in above if (one / base).exists()), None)
        if found is None and not _HUB_NAME.fullmatch(base):
            raise ZooError(f"'{base}', the base of '{self._path.name}', is neither beside it nor above it.")
        return found or folder

    def model(self, root: Path, keys: tuple[str, ...]) -> Path:
        """A model's path, or its name in the Hub's cache.

        Raises:
            ZooError: It is nowhere on this machine, or is made by code.
        """
        place = self.place(keys)
        if place is None:
            raise ZooError(f"'{self._path.name}' has no '{keys[-1]}'.")
        if (root / place).exists():
            return Path(place)
        if _HUB_NAME.fullmatch(place):
            hub_model(f"hf:{place}")
            return Path(f"hf:{place}")
        raise ZooError(f"'{place}', the model of '{keys[-1]}', is not in '{root}'.")

    def found(self, root: Path, keys: tuple[str, ...]) -> Path | None:
        """Where something else than a model lies; None where the pool has none.

        Raises:
            ZooError: It is not on this machine, or is made by code.
        """
        place = self.place(keys)
        if place is None:
            return None
        if not (root / place).exists():
            raise ZooError(f"'{place}' is not in '{root}'.")
        return Path(place)

    def encoder(self, root: Path, base: Path) -> str | None:
        """The config in the base's folder, or open_clip's name for OpenAI's weights."""
        if (root / base / "config.json").is_file():
            return str(base / "config.json")
        name = self.architecture()
        return None if name is None else f"{name}-quickgelu"

    def _entry(self, keys: tuple[str, ...]) -> Any:
        value: Any = self._document
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value

    def _resolved(self, text: str, keys: tuple[str, ...]) -> str:
        """A text with OmegaConf's references replaced: ${a.b} from the top, ${..a} from above the entry."""
        for _ in range(_MOST_REFERENCES):
            found = _REFERENCE.search(text)
            if found is None:
                return text
            start = keys[: len(keys) - len(found[1])] if found[1] else ()
            value = self._entry((*start, *found[2].split(".")))
            if not isinstance(value, str | int | float):
                raise ZooError(f"'{self._path.name}' refers to {found[0]}, which stands nowhere in it.")
            text = text[: found.start()] + str(value) + text[found.end() :]
        raise ZooError(f"'{self._path.name}' has references that lead to one another at '{keys[-1]}'.")
