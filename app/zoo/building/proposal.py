"""Proposal of a zoo for a folder: its parts, what does not fit, and the document to write."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.model.layout import Layout
from app.errors import USER_ERRORS
from app.words.plain_text import sentence_of
from app.zoo.building.found_files import Found, FoundFiles, Kind, found_files
from app.zoo.building.fusion_bench import Pool, is_pool, read_pool
from app.zoo.building.parts import ZooParts
from app.zoo.building.roles import zoo_parts
from app.zoo.models.fine_tuned import float_shapes, open_fine_tuned
from app.zoo.models.hub_models import hub_model
from app.zoo.zoo_file import TaskEntry
from cache.checkpoints import open_checkpoint


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a folder can become."""

    files: FoundFiles
    parts: ZooParts | None
    """None where nothing states which model is the base, or there is no task."""
    reason: str
    """Why there are no parts, in one sentence."""
    refused: Mapping[str, str]
    """Why tasks cannot be merged with the base, by their names."""
    states_base: bool = False
    """Whether it says itself which model is the base."""

    @property
    def models(self) -> list[str]:
        """Paths of the models that may be the base; none where that is stated."""
        return [] if self.states_base else [str(one.path) for one in self.files.of(Kind.MODEL)]


def proposal(folder: Path, *, base: str | None = None) -> Proposal:
    """Look through a folder and give everything its role; tables of contents are read, weights are not.

    Args:
        folder: Where the models lie, or a model pool of FusionBench that names them.
        base: Path of the base inside it, where its name does not give it away.

    Raises:
        ZooError: The folder cannot be looked through.
        CacheError: The base cannot be read.
    """
    if is_pool(folder):
        return _of_pool(read_pool(folder))
    files = found_files(folder)
    try:
        parts = zoo_parts(files, base=base)
    except USER_ERRORS as error:
        return Proposal(files, None, sentence_of(error), {})
    return Proposal(files, parts, "", _refused(folder, parts))


def _of_pool(pool: Pool) -> Proposal:
    models = [
        Found(one, Kind.MODEL) for one in (pool.parts.base, *(task.checkpoint for task in pool.parts.tasks))
    ]
    files = FoundFiles(pool.root, models, pool.aside)
    return Proposal(files, pool.parts, "", _refused(pool.root, pool.parts), states_base=True)


def _refused(root: Path, parts: ZooParts) -> dict[str, str]:
    base = open_checkpoint(_place(root, parts.base))
    layout = Layout.from_shapes(float_shapes(base))
    refused = {}
    for task in parts.tasks:
        entry = TaskEntry(
            name=task.name,
            short=None,
            head=None,
            templates=None,
            classes=None,
            eval_sets={},
            expected={},
            refused={},
            checkpoint=_place(root, task.checkpoint),
        )
        try:
            open_fine_tuned(entry, base, layout)
        except USER_ERRORS as error:
            refused[task.name] = sentence_of(error)
    return refused


def _place(root: Path, model: Path) -> Path:
    found = hub_model(str(model))
    return root / model if found is None else found.snapshot
