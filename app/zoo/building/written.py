"""The zoo.toml of what was found, with what is missing as comments."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from app.errors import ZooError
from app.zoo.building.parts import TaskParts, ZooParts
from cache.writing import write_new_text


def zoo_toml(parts: ZooParts, refused: Mapping[str, str], *, name: str, prefix: Path = Path()) -> str:
    """The document.

    Args:
        parts: What was found, relative to its folder.
        refused: Why a task does not fit the base, by its name; it stands in the file as a comment.
        name: Of the zoo.
        prefix: Goes before every path: where the document lies elsewhere.
    """

    def path(value: str | Path) -> str:
        return _text(str(value) if str(value).startswith("hf:") else str(prefix / value))

    lines = [f"name = {_text(name)}", ""]
    if parts.encoder is not None:
        is_file = parts.encoder.endswith(".json")
        lines += ["[encoder]", f"model = {path(parts.encoder) if is_file else _text(parts.encoder)}", ""]
    lines += ["[base]", f"checkpoint = {path(parts.base)}", ""]
    for task in parts.tasks:
        written = ["[[tasks]]", f"name = {_text(task.name)}", f"checkpoint = {path(task.checkpoint)}"]
        written += _evaluation(task, path)
        if (reason := refused.get(task.name)) is not None:
            written = [f"# Left out: {' '.join(reason.split())}", *(f"# {line}" for line in written)]
        lines += [*written, ""]
    return "\n".join(lines)


def write_zoo_toml(folder: Path, text: str) -> Path:
    """Write the document into a folder, which is made where it is missing; an existing one stays.

    Raises:
        ZooError: There is one already.
        CacheError: It cannot be written.
    """
    target = folder / "zoo.toml"
    try:
        write_new_text(target, text)
    except FileExistsError as error:
        raise ZooError(f"'{target}' exists and is left as it is; name another folder.") from error
    return target


def _evaluation(task: TaskParts, path: Callable[[str | Path], str]) -> list[str]:
    lines = []
    if task.templates:
        lines.append(f"templates = [{', '.join(map(_text, task.templates))}]")
    elif task.head is None:
        lines.append(
            '# head = "heads.safetensors#…", or templates and classes: without one it is not evaluated'
        )
    else:
        lines.append(f"head = {path(task.head)}")
    if task.classes:
        lines.append(f"classes = [{', '.join(map(_text, task.classes))}]")
    if "images" in task.images:
        return [*lines, f"images = {path(task.images['images'])}  # halved into val and test"]
    for split in ("val", "test"):
        if split in task.images:
            lines.append(f"{split} = {path(task.images[split])}")
        else:
            lines.append(f'# {split} = "…": a folder with one folder of images per class')
    return lines


def _text(value: str) -> str:
    """A string as TOML writes it, which JSON's form is for everything but DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
