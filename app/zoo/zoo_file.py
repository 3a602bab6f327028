"""`zoo.toml`: how a folder says what its base, tasks, encoder and evaluation sets are."""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import ZooError

_ZOO_KEYS = ("name", "encoder", "base", "tasks", "controls")
_ENCODER_KEYS = ("model", "image_mean", "image_std", "logit_scale")
_CONTROL_KEYS = ("name", "head", "templates", "classes", "val", "test", "expected")
_TASK_KEYS = (*_CONTROL_KEYS, "checkpoint")


@dataclass(frozen=True, slots=True)
class EncoderEntry:
    """`[encoder]`: what open_clip builds and how images are normalised."""

    model: str | Path
    """An open_clip config file, or an open_clip model name."""
    image_mean: tuple[float, float, float] | None
    image_std: tuple[float, float, float] | None
    logit_scale: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEntry:
    """`[[controls]]`: something to evaluate on, never merged."""

    name: str
    head: str | None
    """`file#key` with the file's path resolved, or None."""
    templates: tuple[str, ...] | None
    classes: tuple[str, ...] | None
    eval_sets: Mapping[str, str]
    """`val` and `test`, where given: a resolved path, or `torchvision:NAME`."""
    expected: Mapping[str, float]
    """`zeroshot` and `finetuned` accuracy on test, 0 … 1, where given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntry(ControlEntry):
    """`[[tasks]]`: a control with a fine-tuned model of its own."""

    checkpoint: Path


@dataclass(frozen=True, slots=True)
class ZooFile:
    """A checked `zoo.toml`; every path is absolute and inside the zoo's folder or a named root."""

    folder: Path
    name: str
    encoder: EncoderEntry | None
    base_checkpoint: Path
    tasks: tuple[TaskEntry, ...]
    controls: tuple[ControlEntry, ...]

    @property
    def evaluated(self) -> tuple[ControlEntry, ...]:
        """Everything that may have a head and images: tasks, then controls."""
        return (*self.tasks, *self.controls)


def read_zoo_file(folder: Path, *, roots: Sequence[Path] = ()) -> ZooFile:
    """Read and check the `zoo.toml` of a folder; no checkpoint is opened.

    Args:
        folder: The zoo's folder, or the `zoo.toml` itself.
        roots: Folders under which absolute paths are accepted.

    Raises:
        ZooError: The file is missing, not TOML, or an entry is unknown, missing or of the wrong kind.
    """
    path = folder if folder.name == "zoo.toml" else folder / "zoo.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ZooError(
            f"'{folder}' has no zoo.toml. Name a folder that holds one; the README shows how."
        ) from error
    except OSError as error:
        raise ZooError(f"'{path}' cannot be read: {error.strerror}.") from error
    # ValueError: not TOML, not UTF-8, or a whole number of thousands of digits.
    except (ValueError, RecursionError) as error:
        raise ZooError(f"'{path}' is not valid TOML: {error}.") from error
    return _Reader(path.parent.resolve(), tuple(root.resolve() for root in roots)).zoo(data)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Turns tables into entries; knows where paths may point."""

    folder: Path
    roots: tuple[Path, ...]

    def zoo(self, data: Mapping[str, Any]) -> ZooFile:
        _refuse_unknown(data, _ZOO_KEYS, "zoo.toml")
        base = _typed(data.get("base"), dict, "[base]")
        _refuse_unknown(base, ("checkpoint",), "[base]")
        tasks = _typed(data.get("tasks"), list, "[[tasks]]")
        if not tasks:
            raise ZooError("zoo.toml lists no [[tasks]]; one or more are needed.")
        controls = _typed(data.get("controls", []), list, "[[controls]]")
        zoo = ZooFile(
            folder=self.folder,
            name=_typed(data.get("name"), str, "name"),
            encoder=None
            if "encoder" not in data
            else self.encoder(_typed(data["encoder"], dict, "[encoder]")),
            base_checkpoint=self.path(_typed(base.get("checkpoint"), str, "[base].checkpoint")),
            tasks=tuple(self.task(entry, f"[[tasks]] {i + 1}") for i, entry in enumerate(tasks)),
            controls=tuple(
                ControlEntry(**self.evaluated(entry, f"[[controls]] {i + 1}", _CONTROL_KEYS))
                for i, entry in enumerate(controls)
            ),
        )
        names = [entry.name for entry in zoo.evaluated]
        for name in names:
            if names.count(name) > 1:
                raise ZooError(f"zoo.toml calls two tasks or controls '{name}'; names must be distinct.")
        return zoo

    def encoder(self, table: Mapping[str, Any]) -> EncoderEntry:
        _refuse_unknown(table, _ENCODER_KEYS, "[encoder]")
        model = _typed(table.get("model"), str, "[encoder].model")
        return EncoderEntry(
            model=self.path(model) if model.endswith(".json") else model,
            image_mean=_colour(table.get("image_mean"), "[encoder].image_mean"),
            image_std=_colour(table.get("image_std"), "[encoder].image_std"),
            logit_scale=_optional_number(table.get("logit_scale"), "[encoder].logit_scale"),
        )

    def task(self, entry: Any, where: str) -> TaskEntry:
        fields = self.evaluated(entry, where, _TASK_KEYS)
        checkpoint = _typed(entry.get("checkpoint"), str, f"'{fields['name']}'.checkpoint")
        return TaskEntry(**fields, checkpoint=self.path(checkpoint))

    def evaluated(self, entry: Any, where: str, keys: Sequence[str]) -> dict[str, Any]:
        table = _typed(entry, dict, where)
        name = _typed(table.get("name"), str, f"{where}.name")
        where = f"'{name}'"
        _refuse_unknown(table, keys, f"The entry of {where}")
        if "head" in table and "templates" in table:
            raise ZooError(f"{where} gives head and templates; one of them may stand.")
        if "templates" in table and "classes" not in table:
            raise ZooError(f"{where} gives templates but no classes to fill them with.")
        expected = _typed(table.get("expected", {}), dict, f"{where}.expected")
        _refuse_unknown(expected, ("zeroshot", "finetuned"), f"{where}.expected")
        return {
            "name": name,
            "head": self.head(table["head"], where) if "head" in table else None,
            "templates": _texts(table.get("templates"), f"{where}.templates"),
            "classes": _texts(table.get("classes"), f"{where}.classes"),
            "eval_sets": {
                split: self.source(_typed(table[split], str, f"{where}.{split}"))
                for split in ("val", "test")
                if split in table
            },
            "expected": {
                anchor: _share(value, f"{where}.expected.{anchor}") for anchor, value in expected.items()
            },
        }

    def head(self, value: Any, where: str) -> str:
        file, _, key = _typed(value, str, f"{where}.head").rpartition("#")
        if not file or not key:
            raise ZooError(
                f"{where}.head is '{value}'; write it as file#key, such as heads.safetensors#digits."
            )
        return f"{self.path(file)}#{key}"

    def source(self, value: str) -> str:
        return value if value.startswith("torchvision:") else str(self.path(value))

    def path(self, value: str) -> Path:
        try:
            path = (self.folder / value).resolve()
        except (ValueError, RuntimeError) as error:  # a NUL character, links in a circle
            raise ZooError(f"{value!r} is not a path that can be followed: {error}.") from error
        inside = (self.folder, *self.roots) if Path(value).is_absolute() else (self.folder,)
        if not any(path.is_relative_to(root) for root in inside):
            raise ZooError(
                f"'{value}' leads out of the zoo's folder '{self.folder}'. "
                "Move the file inside, or name its folder with --root and give the absolute path."
            )
        return path


def _refuse_unknown(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            raise ZooError(f"{where} has the unknown key '{key}'; known are {', '.join(known)}.")


def _typed(value: Any, kind: type, where: str) -> Any:
    names: dict[type, str] = {str: "a text", dict: "a table", list: "a list of tables"}
    if value is None:
        raise ZooError(f"zoo.toml gives no {where}; it is required.")
    if not isinstance(value, kind):
        raise ZooError(f"{where} is {value!r}; {names[kind]} was expected.")
    return value


def _optional_number(value: Any, where: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ZooError(f"{where} is {value!r}; a number was expected.")
    if not abs(value) <= sys.float_info.max:  # NaN compares false; TOML holds whole numbers of any length
        raise ZooError(f"{where} is not finite; a finite number was expected.")
    return float(value)


def _share(value: Any, where: str) -> float:
    share = _optional_number(value, where)
    if share is None or not 0 <= share <= 1:
        raise ZooError(f"{where} is {value!r}; an accuracy lies in [0, 1].")
    return share


def _colour(value: Any, where: str) -> tuple[float, float, float] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 3:
        raise ZooError(f"{where} is {value!r}; three numbers, one a colour channel, were expected.")
    red, green, blue = (_optional_number(channel, where) for channel in value)
    if red is None or green is None or blue is None:
        raise ZooError(f"{where} is {value!r}; three numbers were expected.")
    return red, green, blue


def _texts(value: Any, where: str) -> tuple[str, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
        raise ZooError(f"{where} is {value!r}; a list of texts was expected.")
    return tuple(value)
