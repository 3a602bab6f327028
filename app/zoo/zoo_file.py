"""Reading `zoo.toml`: base, tasks, encoder and evaluation sets of a folder, with resolved paths."""

import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import USER_ERRORS, ZooError
from app.words.plain_text import sentence_of
from app.words.short_names import ShortNames, short_names
from app.zoo.head_reference import head_parts
from app.zoo.models.hub_models import hub_model
from app.zoo.roots import Roots, leads_out
from app.zoo.typed_path import with_home
from app.zoo.zoo_document import ControlTable, EncoderTable, TaskTable, zoo_document
from cache.errors import MissingFileError
from cache.regular_files import read_text, resolved

MAX_BYTES = 1_000_000
"""Largest `zoo.toml` read; a thousand class names take about 15 kB."""

_MOST_PARTS = 40
# Python's parser keeps every beginning of a dotted key: one of a megabyte would take all memory.
_LONG_KEY = re.compile(
    r"""(?<![\w-])((?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){%d}""" % _MOST_PARTS  # noqa: UP031
)


@dataclass(frozen=True, slots=True)
class EncoderEntry:
    """`[encoder]`: what open_clip builds and how images are normalised."""

    model: str | Path
    """An open_clip config file, or an open_clip model name."""
    image_mean: tuple[float, float, float] | None
    image_std: tuple[float, float, float] | None
    logit_scale: float | None
    linearised: bool | None = None
    """Whether merges are evaluated as models of first order; None where the checkpoints say so."""
    refused: str | None = None
    """Why its config file may not be opened; it costs the accuracies, never the weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlEntry:
    """`[[controls]]`: something to evaluate on, never merged."""

    name: str
    short: str | None
    """What charts call it, where the zoo says so."""
    head: str | None
    """`file#key` or `file`, with the file's path resolved, or None."""
    templates: tuple[str, ...] | None
    classes: tuple[str, ...] | None
    eval_sets: Mapping[str, str]
    """`val` and `test`, where given: a resolved path, or `torchvision:NAME`."""
    normalises: bool | None = None
    """Whether the head sees features of length 1; None where the encoder's kind says so."""
    leaves_out_unreadable: bool = False
    """Whether pictures that cannot be read are left out."""
    are_halves: bool = False
    """Whether `val` and `test` name the same images, of which each has its half."""
    expected: Mapping[str, float]
    """`zeroshot` and `finetuned` accuracy on test, 0 … 1, where given."""
    refused: Mapping[str, str]
    """Why its `head`, `val` or `test` may not be opened, where they may not; they count as not given."""

    @property
    def head_file(self) -> Path | None:
        """The file that holds the head, if one is given."""
        return head_parts(self.head)[0] if self.head else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskEntry(ControlEntry):
    """`[[tasks]]`: a control with a fine-tuned model of its own."""

    checkpoint: Path
    """A file, a folder with a model, or the index of one in several files."""
    key: str = ""
    """Where the model lies in a file that holds more than one."""


@dataclass(frozen=True, slots=True)
class ZooFile:
    """A checked `zoo.toml`; every path is absolute and inside the zoo's folder or a named root."""

    folder: Path
    name: str
    encoder: EncoderEntry | None
    base_checkpoint: Path
    base_key: str
    shares_rows: bool
    """Whether vocabularies of two sizes are merged on the rows that both have."""
    tasks: tuple[TaskEntry, ...]
    controls: tuple[ControlEntry, ...]
    roots: Roots
    """Where its files may lie: its own folder, and those named with `--root`."""

    @property
    def evaluated(self) -> tuple[ControlEntry, ...]:
        """Everything that may have a head and images: tasks, then controls."""
        return (*self.tasks, *self.controls)

    @property
    def short_names(self) -> ShortNames:
        """What charts call the tasks and controls whose names leave no room."""
        given = {entry.name: entry.short for entry in self.evaluated if entry.short is not None}
        return short_names([entry.name for entry in self.evaluated], given)


def read_zoo_file(folder: Path, *, roots: Sequence[Path] = ()) -> ZooFile:
    """Read and check the `zoo.toml` of a folder; no checkpoint is opened.

    Args:
        folder: The zoo's folder, or the `zoo.toml` itself.
        roots: Folders to which absolute paths, and links inside the zoo, may lead as well.

    Raises:
        FileError: The file cannot be read, or the path of a checkpoint cannot be followed.
        ZooError: It is missing, not TOML, an entry is unknown, missing or of the wrong kind, or a checkpoint
            lies elsewhere.
    """
    path = folder if folder.name == "zoo.toml" else folder / "zoo.toml"
    own = resolved(path.parent)
    paths = _Paths(own, Roots.of((own, *roots)))
    try:
        data = _parsed(read_text(paths.path("zoo.toml"), limit=MAX_BYTES))
    except MissingFileError as error:
        raise ZooError(
            f"'{folder}' has no zoo.toml. Name a folder that holds one; the README shows how."
        ) from error
    # ValueError: not TOML, or a whole number of thousands of digits.
    except (ValueError, RecursionError) as error:
        raise ZooError(f"'{path}' is not valid TOML: {error}.") from error
    document = zoo_document(data)
    base_checkpoint, base_key = paths.model(document.base.checkpoint)
    return ZooFile(
        folder=paths.folder,
        name=document.name,
        encoder=None if document.encoder is None else _encoder(document.encoder, paths),
        base_checkpoint=base_checkpoint,
        base_key=base_key,
        shares_rows=document.vocabulary is not None,
        tasks=tuple(_task(table, paths) for table in document.tasks),
        controls=tuple(ControlEntry(**_evaluated(table, paths)) for table in document.controls),
        roots=paths.roots,
    )


def _parsed(text: str) -> dict[str, Any]:
    if _LONG_KEY.search(text):
        raise ValueError(f"a key has more than {_MOST_PARTS} parts between dots")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class _Paths:
    """Resolves paths, and knows where they may lead."""

    folder: Path
    roots: Roots

    def source(self, value: str) -> str:
        if value.startswith("torchvision:"):
            return value
        file, column = head_parts(value)
        if column and not (self.folder / with_home(value)).exists():
            return f"{self.path(str(file))}#{column}"
        return str(self.path(value))

    def path(self, value: str) -> Path:
        written = with_home(value)
        path = resolved(self.folder / written)
        if str(written).startswith("$") and not path.exists():
            raise ZooError(
                f"'{value}' begins with a variable, and only ~ and $HOME are replaced; write the path itself."
            )
        # A link may lead to another disk; a zoo that itself climbs out of its folder could not be moved.
        first = Path(os.path.normpath(written)).parts[:1]
        climbs = first == (os.pardir,) and not path.is_relative_to(self.folder)
        if climbs or not self.roots.hold(path):
            raise leads_out(value, path, "and give the absolute path" if climbs else "")
        return path

    def model(self, value: str) -> tuple[Path, str]:
        """A checkpoint's path, and where the model lies in it; "" where the reference does not say."""
        if (found := hub_model(value)) is not None:
            Roots((*self.roots.folders, found.cache)).require_links(found.snapshot)
            return found.snapshot, ""
        file, key = head_parts(value)
        if key and not (self.folder / with_home(value)).exists():
            return self.path(str(file)), key
        path = self.path(value)
        self.roots.require_links(path)
        return path, ""

    def head(self, reference: str) -> str:
        file, key = head_parts(reference)
        return f"{self.path(str(file))}#{key}" if key else f"{self.path(str(file))}"


def _task(table: TaskTable, paths: _Paths) -> TaskEntry:
    checkpoint, key = paths.model(table.checkpoint)
    return TaskEntry(**_evaluated(table, paths), checkpoint=checkpoint, key=key)


def _encoder(table: EncoderTable, paths: _Paths) -> EncoderEntry:
    model: str | Path = table.model
    refused = None
    if table.model.endswith(".json"):
        try:
            model = paths.path(table.model)
        except USER_ERRORS as error:
            refused = sentence_of(error)
    return EncoderEntry(
        model=model,
        image_mean=_channels(table.image_mean),
        image_std=_channels(table.image_std),
        logit_scale=table.logit_scale,
        linearised=table.linearised,
        refused=refused,
    )


def _channels(colour: list[float] | None) -> tuple[float, float, float] | None:
    if colour is None:
        return None
    red, green, blue = colour
    return red, green, blue


def _evaluated(table: ControlTable, paths: _Paths) -> dict[str, Any]:
    given = {"head": table.head, "val": table.val or table.images, "test": table.test or table.images}
    found: dict[str, str] = {}
    refused: dict[str, str] = {}
    for part, written in given.items():
        if written is None:
            continue
        try:
            found[part] = paths.head(written) if part == "head" else paths.source(written)
        except USER_ERRORS as error:
            refused[part] = sentence_of(error)
    return {
        "name": table.name,
        "short": table.short,
        "head": found.pop("head", None),
        "templates": None if table.templates is None else tuple(table.templates),
        "classes": None if table.classes is None else tuple(table.classes),
        "eval_sets": found,
        "normalises": table.normalise,
        "leaves_out_unreadable": table.unreadable is not None,
        "are_halves": table.images is not None,
        "expected": table.expected.model_dump(exclude_none=True),
        "refused": refused,
    }
