"""Opening a zoo: every file checked and read once, straight into the flat matrix."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from analysis.model.layout import Layout
from analysis.model.pairing import Pairing, pairing
from analysis.model.plausibility import Plausibility, plausibility
from analysis.model.scope import Scope, scope_ranges
from analysis.model.task_vectors import TaskVectors, task_vectors_in_place
from app.errors import ZooError
from app.work.jobs import JobContext
from app.zoo.devices import fits, memory_available, memory_needed, memory_of_machine
from app.zoo.unshared import unshared_weights
from app.zoo.zoo_file import ZooFile
from cache.checkpoints import Checkpoint, open_checkpoint
from cache.fingerprints import combined

BASE = "base"
"""What people call the model that the tasks were fine-tuned from."""


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """Facts about one checkpoint, as the Library shows them."""

    task: str | None
    """The task's name; None for the base, since a task may be called "base"."""
    path: Path
    format: str
    dtypes: str
    """Number of tensors of each type, such as "152 float16"."""
    n_bytes: int
    """Size of the file."""
    digest: str
    """Fingerprint of the file's content."""
    notes: tuple[str, ...]
    """Which part of the file was taken, where it holds more, as sentences."""
    relative_norm: float | None
    """‖τ‖₂ / ‖θ_0‖₂ over the weights that some task changed; None for the base."""

    @property
    def name(self) -> str:
        """What a person calls it."""
        return BASE if self.task is None else self.task


@dataclass(frozen=True, eq=False)
class ZooWeights:
    """A zoo in memory: weights checked, nothing evaluated yet."""

    file: ZooFile
    task_vectors: TaskVectors
    base: Checkpoint
    checkpoints: tuple[CheckpointFacts, ...]
    """The base, then the tasks in the zoo's order."""
    plausibility: Plausibility
    carried: tuple[str, ...]
    """Tensors of the base that hold no floats: written to merged files unchanged."""
    warnings: tuple[str, ...]
    """What looks wrong with the checkpoints, one sentence each."""

    @property
    def digests(self) -> Mapping[str, str]:
        """Fingerprint of each file by task; the base's is "base", or "" if a task is called so."""
        tasks = {facts.task: facts.digest for facts in self.checkpoints if facts.task is not None}
        base, *_ = self.checkpoints
        return {"" if BASE in tasks else BASE: base.digest, **tasks}

    @property
    def fingerprint(self) -> str:
        """Of all weights together."""
        return combined(self.digests)


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
    n_weights = _float_layout(open_checkpoint(file.base_checkpoint)).n_weights
    needed = memory_needed(len(file.tasks), n_weights)
    return MemoryBudget(needed, memory_of_machine(), memory_available(), fits(device, needed))


def zoo_weights(file: ZooFile, context: JobContext, *, device: torch.device) -> ZooWeights:
    """Read a zoo's weights.

    Args:
        file: The checked `zoo.toml`.
        context: Progress is reported there; between files, and while it
            compares, opening can be stopped, and lets others pass.
        device: Where the task vectors are kept if they fit.

    Raises:
        ZooError: The base has no weights, or the zoo does not fit in memory.
        CheckpointError: A file is no checkpoint or is damaged.
        AnalysisError: Names, shapes or values of the checkpoints do not fit together.
    """
    base = open_checkpoint(file.base_checkpoint)
    layout = _float_layout(base)
    checkpoints = {entry.name: open_checkpoint(entry.checkpoint) for entry in file.tasks}
    base_shapes = _float_shapes(base)
    pairings = {
        task: pairing(_float_shapes(checkpoint), base_shapes, where=f"Task '{task}'")
        for task, checkpoint in checkpoints.items()
    }
    _require_memory(file, layout)

    theta_0 = torch.empty(layout.n_weights)
    deltas = torch.empty(len(checkpoints), layout.n_weights)
    targets = {name: layout.view(theta_0, name) for name in layout.by_name}
    digests = [_read(base, targets, context, 0.0, "Reading the base")]
    for row, (task, checkpoint) in enumerate(checkpoints.items()):
        fraction = (row + 1) / (len(checkpoints) + 1)
        targets = _targets(deltas[row], theta_0, layout, pairings[task])
        digests.append(_read(checkpoint, targets, context, fraction, f"Reading '{task}'"))
    context.report(None, "Comparing with the base")
    task_vectors = task_vectors_in_place(
        theta_0, deltas, tasks=list(checkpoints), layout=layout, check=context.let_others_pass
    )
    task_vectors = _on_device(task_vectors, device)
    measured = plausibility(
        task_vectors, scope_ranges(task_vectors, Scope.CHANGED), check=context.let_others_pass
    )
    return ZooWeights(
        file=file,
        task_vectors=task_vectors,
        base=base,
        checkpoints=_facts([(None, base), *checkpoints.items()], digests, measured),
        plausibility=measured,
        carried=tuple(name for name, entry in base.entries.items() if not entry.dtype.is_floating_point),
        warnings=(
            *(f"The base: {doubt}" for doubt in base.doubts),
            *(f"Task '{task}': {doubt}" for task, one in checkpoints.items() for doubt in one.doubts),
            *unshared_weights(pairings, base_shapes),
            *measured.warnings,
        ),
    )


def _targets(row: Tensor, theta_0: Tensor, layout: Layout, paired: Pairing) -> dict[str, Tensor]:
    """Where each of a task's tensors goes, by its name there; what it lacks is left as the base has it."""
    for name in (*paired.missing, *paired.other_heads):
        layout.view(row, name).copy_(layout.view(theta_0, name))
    return {own: layout.view(row, name) for name, own in paired.names.items()}


def _read(
    checkpoint: Checkpoint, targets: Mapping[str, Tensor], context: JobContext, fraction: float, note: str
) -> str:
    context.let_others_pass()
    context.report(fraction, note)
    return checkpoint.read_into(targets)


def _float_shapes(checkpoint: Checkpoint) -> Mapping[str, tuple[int, ...]]:
    return {name: entry.shape for name, entry in checkpoint.entries.items() if entry.dtype.is_floating_point}


def _float_layout(base: Checkpoint) -> Layout:
    layout = Layout.from_shapes(_float_shapes(base))
    if not layout.n_weights:
        raise ZooError(f"'{base.path.name}' holds no float weights; there is nothing to merge.")
    return layout


def _require_memory(file: ZooFile, layout: Layout) -> None:
    needed, available = memory_needed(len(file.tasks), layout.n_weights), memory_available()
    if needed > available:
        raise ZooError(
            f"'{file.name}' needs {needed / 1e9:.1f} GB of memory; {available / 1e9:.1f} GB of "
            f"{memory_of_machine() / 1e9:.1f} GB are available, and other open zoos use some. "
            "Close other zoos or programs, or list fewer tasks."
        )


def _on_device(task_vectors: TaskVectors, device: torch.device) -> TaskVectors:
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


def _facts(
    checkpoints: Sequence[tuple[str | None, Checkpoint]], digests: Sequence[str], measured: Plausibility
) -> tuple[CheckpointFacts, ...]:
    norms = (None, *measured.relative_norms)
    return tuple(
        CheckpointFacts(
            task=task,
            path=checkpoint.path,
            format=checkpoint.format,
            dtypes=_counted(str(entry.dtype).removeprefix("torch.") for entry in checkpoint.entries.values()),
            n_bytes=checkpoint.path.stat().st_size,
            digest=digest,
            notes=checkpoint.notes,
            relative_norm=norm,
        )
        for (task, checkpoint), digest, norm in zip(checkpoints, digests, norms, strict=True)
    )


def _counted(dtypes: Iterable[str]) -> str:
    return ", ".join(f"{count} {dtype}" for dtype, count in Counter(dtypes).most_common())
