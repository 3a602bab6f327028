"""Table of what a folder can become, and the tasks that a person has left in it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from app.words.numbers import count
from app.zoo.building.found_files import Kind
from app.zoo.building.parts import TaskParts
from app.zoo.building.proposal import Proposal

_SPLITS = ("val", "test")
_NAMES = {
    Kind.MODEL: ("model", "models"),
    Kind.ADAPTER: ("adapter", "adapters"),
    Kind.HEAD: ("file of heads", "files of heads"),
    Kind.IMAGES: ("file of images", "files of images"),
}


def found_sentence(found: Proposal) -> str:
    """What a folder holds, and what was left aside."""
    n = {kind: len(found.files.of(kind)) for kind in Kind}
    parts = [f"{count(n[kind])} {_NAMES[kind][n[kind] != 1]}" for kind in Kind if n[kind]]
    aside = f" Left aside: {count(len(found.files.aside))}, listed below." if found.files.aside else ""
    return f"No zoo.toml here. Found {', '.join(parts) or 'no model'}.{aside}"


def task_rows(found: Proposal) -> list[dict[str, Any]]:
    """One row per task that was found, with what it would get and why it would not be taken."""
    tasks = [] if found.parts is None else found.parts.tasks
    return [
        {
            "take": task.name not in found.refused,
            "name": task.name,
            "checkpoint": str(task.checkpoint),
            "head": task.head or "",
            **{split: str(task.images.get(split, task.images.get("images", ""))) for split in _SPLITS},
            "note": found.refused.get(task.name, ""),
        }
        for task in tasks
    ]


def taken_tasks(rows: Iterable[Mapping[str, Any]], found: Iterable[TaskParts] = ()) -> list[TaskParts]:
    """The tasks of the rows that are taken, as they were edited.

    Args:
        rows: Of `task_rows`.
        found: What the rows were made of, which knows classes and templates of heads that were not edited.
    """
    made = {(str(task.checkpoint), task.head): task for task in found}
    return [_edited(row, made) for row in rows if row["take"]]


def _edited(row: Mapping[str, Any], made: Mapping[tuple[str, str | None], TaskParts]) -> TaskParts:
    head = str(row["head"] or "").strip() or None
    found = made.get((str(row["checkpoint"]), head))
    images = {split: Path(text) for split in _SPLITS if (text := str(row[split] or "").strip())}
    if found is not None and set(images.values()) == {found.images.get("images")} and len(images) == 2:
        images = found.images
    return TaskParts(
        str(row["name"]).strip(),
        Path(str(row["checkpoint"])),
        head,
        images,
        () if found is None else found.classes,
        () if found is None else found.templates,
    )
