"""Room for a zoo's weights: what they take, known from file headers alone, and where they fit."""

from dataclasses import dataclass

import torch

from analysis.model.layout import Layout
from analysis.model.task_vectors import TaskVectors
from app.errors import ZooError
from app.zoo.devices import fits, memory_available, memory_needed, memory_of_machine
from app.zoo.models.fine_tuned import float_shapes
from app.zoo.zoo_file import ZooFile
from cache.checkpoints import Checkpoint, open_checkpoint


@dataclass(frozen=True, slots=True)
class MemoryBudget:
    """Memory that opening a zoo takes, known from file headers alone."""

    needed: int
    """Bytes while the zoo is in use."""
    machine: int
    """Bytes of main memory in this machine."""
    available: int
    """Bytes of it that are available now; other open zoos use some."""
    on_device: bool
    """Whether the task vectors fit on the device; otherwise they stay in main memory."""


def memory_budget(file: ZooFile, device: torch.device) -> MemoryBudget:
    """Memory that a zoo takes, before any weight is read.

    Raises:
        CheckpointError: The base cannot be read.
    """
    n_weights = float_layout(open_checkpoint(file.base_checkpoint, file.base_key)).n_weights
    needed = memory_needed(len(file.tasks), n_weights)
    return MemoryBudget(needed, memory_of_machine(), memory_available(), fits(device, needed))


def float_layout(base: Checkpoint) -> Layout:
    """Layout of a base's float weights.

    Raises:
        ZooError: It has none.
    """
    layout = Layout.from_shapes(float_shapes(base))
    if not layout.n_weights:
        raise ZooError(f"'{base.path.name}' holds no float weights; there is nothing to merge.")
    return layout


def require_memory(file: ZooFile, layout: Layout) -> None:
    """Check that a zoo's weights fit in main memory.

    Raises:
        ZooError: They do not.
    """
    needed, available = memory_needed(len(file.tasks), layout.n_weights), memory_available()
    if needed > available:
        raise ZooError(
            f"'{file.name}' needs {needed / 1e9:.1f} GB of memory; {available / 1e9:.1f} GB of "
            f"{memory_of_machine() / 1e9:.1f} GB are available, and other open zoos use some. "
            "Close other zoos or programs, or list fewer tasks."
        )


def on_device(task_vectors: TaskVectors, device: torch.device) -> TaskVectors:
    """Task vectors on the device if they fit there, else where they are."""
    n_bytes = memory_needed(task_vectors.n_tasks, task_vectors.layout.n_weights)
    if device.type == "cpu" or not fits(device, n_bytes):
        return task_vectors
    return TaskVectors(
        layout=task_vectors.layout,
        tasks=task_vectors.tasks,
        theta_0=task_vectors.theta_0.to(device),
        deltas=task_vectors.deltas.to(device),
        changed=task_vectors.changed,
    )
