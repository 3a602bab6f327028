"""Tasks that papers on merging evaluate: names of their classes in the order of the labels, and prompts.

Each is a file in `tasks/`: the eight of task arithmetic (Ilharco et al. 2023, https://arxiv.org/abs/2212.04089)
and the twelve that TALL masks add (Wang et al. 2024, https://arxiv.org/abs/2405.07813).
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cache.regular_files import read_text

_FOLDER = Path(__file__).parent / "tasks"
_MOST_BYTES = 1 << 20
_ALSO_CALLED = {
    "stanfordcars": "cars",
    "oxfordpets": "oxfordiiitpet",
    "pets": "oxfordiiitpet",
    "oxfordflowers": "flowers102",
    "flowers": "flowers102",
    "patchcamelyon": "pcam",
    "sst2": "renderedsst2",
    "food": "food101",
}


@dataclass(frozen=True, slots=True)
class KnownTask:
    """What a task's head can be made of."""

    name: str
    """As the papers write it."""
    templates: tuple[str, ...]
    """Prompts with {} where a class name goes."""
    classes: tuple[str, ...]
    """Names in the order of the data set's labels, (C,)."""


def known_task(name: str) -> KnownTask | None:
    """The task that a name stands for, whatever its case, dashes and blanks; None for any other.

    >>> known_task("stanford-cars").name, known_task("mine")
    ('Cars', None)
    """
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return _tasks().get(_ALSO_CALLED.get(plain, plain))


@cache
def _tasks() -> Mapping[str, KnownTask]:
    tasks = {}
    for path in sorted(_FOLDER.glob("*.toml")):
        stated = tomllib.loads(read_text(path, limit=_MOST_BYTES))
        tasks[path.stem.lower()] = KnownTask(path.stem, tuple(stated["templates"]), tuple(stated["classes"]))
    return tasks
