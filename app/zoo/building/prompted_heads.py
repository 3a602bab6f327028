"""Heads that the text tower makes: prompts and class names for tasks that came without a head."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from analysis.listing import few
from app.errors import ZooError
from app.zoo.building.known_tasks import known_task
from app.zoo.building.parts import TaskParts
from app.zoo.images.class_folders import are_labels, class_folders
from app.zoo.images.labelled_files import class_names
from app.zoo.roots import Roots
from cache.checkpoints import open_checkpoint
from cache.errors import CacheError

_TEMPLATE = "a photo of a {}."
"""Prompt that serves any kind of picture."""
_TEXT_TOWERS = ("transformer.resblocks.", "text.transformer.")
"""Beginnings of open_clip's names of the blocks of text towers."""


def give_templates(tasks: Iterable[TaskParts], root: Path, base: Path) -> list[str]:
    """Give tasks without a head the prompts from which the base's text tower makes it.

    Their classes are those that their images name, else those of a task that papers know; without either a
    task is left as it is, and all are where the base has no text tower.

    Args:
        tasks: To be changed.
        root: Folder that all paths are relative to.
        base: The base model.

    Returns:
        What was done, as sentences.
    """
    if not any(name.startswith(_TEXT_TOWERS) for name in open_checkpoint(root / base).entries):
        return []
    from_any, from_known = list[str](), list[str]()
    for task in tasks:
        if task.head is not None or not task.images:
            continue
        known, classes = known_task(task.name), _classes_of_images(task, root)
        if known is not None and (not classes or are_labels(classes)):
            classes = known.classes
        if not classes:
            continue
        task.classes = classes
        task.templates = (_TEMPLATE,) if known is None else known.templates
        (from_any if known is None else from_known).append(task.name)
    notes = []
    if from_any:
        notes.append(
            f"The text tower makes the heads of {few(from_any, 3)} from '{_TEMPLATE}'; more templates in "
            "zoo.toml make better heads."
        )
    if from_known:
        notes.append(
            f"The text tower makes the heads of {few(from_known, 3)} from templates for such images; "
            "zoo.toml shows them, and the names of the classes."
        )
    return notes


def _classes_of_images(task: TaskParts, root: Path) -> tuple[str, ...]:
    """Names that a task's images state; none where they are numbers or cannot be read."""
    roots = Roots.of((root,))
    with suppress(ZooError, CacheError):
        stated = class_names({split: str(root / path) for split, path in task.images.items()}, roots)
        folders = [root / path for path in task.images.values() if (root / path).is_dir()]
        if stated is None and folders:
            stated = tuple(one.name for one in class_folders(folders[0], roots))
        return stated or ()
    return ()
