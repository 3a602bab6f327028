"""Rows of the results store; the columns have the fields' names."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

Kind = Literal["lab", "anchor", "sweep", "cli"]
"""Who asked: a person at the sliders, the zoo's own reference models, a search, the command line."""

ASKED_FOR: tuple[Kind, ...] = ("lab", "cli")
"""Kinds of runs that a person asked for, and will look for."""

Split = Literal["val", "test"]


def new_id() -> str:
    """A unique name; it begins with the time."""
    return f"{time.time_ns():016x}-{secrets.token_hex(8)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One recipe merged and evaluated, with everything that made its numbers."""

    run_id: str = field(default_factory=new_id)
    """Begins with the time."""
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    zoo_name: str
    zoo_fingerprint: str
    recipe: str
    """JSON."""
    recipe_digest: str
    method: str
    split: Split
    n_images: int | None
    """Images asked for per task; None for all."""
    device: str
    dtype: str
    merge_ms: float
    """Milliseconds."""
    evaluate_ms: float
    """Milliseconds."""
    kind: Kind
    mean_accuracy: float | None
    """Over the tasks, 0…1; None when nothing could be evaluated."""
    mean_normalized: float | None
    """Mean of the tasks' normalized accuracies, may exceed 1; None when unknown."""
    versions: Mapping[str, str]
    """Of the packages that computed the numbers."""
    mean_low: float | None = None
    """Ends of the mean accuracy's 95 % interval."""
    mean_high: float | None = None
    normalized_low: float | None = None
    """Ends of the normalised mean's 95 % interval."""
    normalized_high: float | None = None
    alpha: float | None = None
    """LiNeS's α as its rule found it, when the recipe left it open."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """How one run did on one task."""

    task: str
    is_control: bool
    n: int
    """Images."""
    correct: int
    """Images."""
    accuracy: float
    """0…1."""
    low: float
    """Lower end of accuracy's 95 % interval, 0…1."""
    high: float
    """Upper end, 0…1."""
    loss: float
    """Mean cross-entropy, nats."""
    normalized_accuracy: float | None
    """Accuracy divided by the fine-tuned model's on the same images; None when that is unknown."""


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run with its tasks."""

    record: RunRecord
    tasks: tuple[TaskRecord, ...]
    """In the order they were appended; controls included."""
