"""Report of an import: what was found, taken and left aside, as plain data and as text."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.zoo.building.parts import TaskParts, ZooParts
from app.zoo.building.proposal import Proposal


def import_report(
    found: Proposal,
    parts: ZooParts,
    *,
    written: Path | None,
    is_elsewhere: bool,
) -> dict[str, Any]:
    """The report as plain data.

    Args:
        found: What the folder holds.
        parts: What the zoo takes.
        written: The zoo.toml; None where nothing was written.
        is_elsewhere: Whether it lies in another folder than the models.
    """
    return {
        "base": str(parts.base),
        "encoder": parts.encoder,
        "tasks": [
            {
                "name": task.name,
                "checkpoint": str(task.checkpoint),
                "head": task.head,
                "templates": list(task.templates),
                **{split: _images(task, split) for split in ("val", "test")},
                "refused": found.refused.get(task.name),
            }
            for task in parts.tasks
        ],
        "left_aside": found.files.aside,
        "notes": parts.notes,
        "written": None if written is None else str(written),
        "open_with": None
        if written is None
        else _command(written, found.files.root if is_elsewhere else None),
    }


def _images(task: TaskParts, split: str) -> str | None:
    found = task.images.get(split, task.images.get("images"))
    return None if found is None else str(found)


def import_text(report: Mapping[str, Any]) -> str:
    """The report as text: what was found, what is missing, what to do next."""
    lines = [f"Base: {report['base']}", f"Encoder: {report['encoder'] or 'not found; weights only'}"]
    for task in report["tasks"]:
        if task["refused"] is not None:
            lines.append(f"Left out '{task['name']}': {task['refused']}")
            continue
        lacks = [part for part in ("head", "val", "test") if task[part] is None]
        if task["templates"]:
            lacks.remove("head")
        evaluated = f" (no {', no '.join(lacks)})" if lacks else ""
        lines.append(f"Task '{task['name']}': {task['checkpoint']}{evaluated}")
    lines += [f"Left aside {path}: {reason}" for path, reason in report["left_aside"].items()]
    lines += report["notes"]
    if report["written"] is not None:
        lines += [f"Written: {report['written']}", f"Open it: {report['open_with']}"]
    return "\n".join(lines)


def _command(written: Path, root: Path | None) -> str:
    command = f"python -m app --zoo {written.parent}"
    return command if root is None else f"{command} --root {root}"
