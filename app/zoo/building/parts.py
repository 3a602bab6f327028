"""Parts of a zoo that is being put together: what its zoo.toml names."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(slots=True)
class TaskParts:
    """A task and what was found for it, relative to the folder."""

    name: str
    checkpoint: Path
    head: str | None = None
    images: dict[str, Path] = field(default_factory=dict)
    """By split: val, test; or images, where nothing splits them."""
    classes: tuple[str, ...] = ()
    """Names of its classes, where its own config or its images state them."""
    templates: tuple[str, ...] = ()
    """Prompts from which the base's text tower makes its head, where no other was found."""


@dataclass(slots=True)
class ZooParts:
    """Everything that a zoo.toml names."""

    base: Path
    tasks: list[TaskParts]
    encoder: str | None
    """An open_clip name, or the path of a config."""
    notes: list[str]
    """What was assumed, as sentences."""
