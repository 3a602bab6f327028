"""Opening a zoo: every file checked and read once, straight into the flat matrix."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from analysis.model.arriving import ArrivingBase, ArrivingUpdate
from analysis.model.plausibility import Plausibility, plausibility
from analysis.model.scope import Scope, scope_ranges
from analysis.model.task_vectors import TaskVectors
from app.work.jobs import JobContext
from app.zoo.models.fine_tuned import (
    are_linearised,
    doubts,
    on_linearised,
    open_fine_tuned,
    unmerged_tensors,
)
from app.zoo.models.unshared import UnsharedTensor
from app.zoo.room import float_layout, on_device, require_memory
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
    """The file, or the folder that holds the files."""
    files: tuple[Path, ...]
    format: str
    dtypes: str
    """Number of tensors of each type, such as "152 float16"."""
    n_bytes: int
    """Size of the files."""
    digest: str
    """Fingerprint of the files' content."""
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
    is_linearised: bool
    """Whether its models are of first order around the base, and are evaluated so."""
    carried: tuple[str, ...]
    """Tensors of the base that are no weights (whole numbers, masks, tables): in merged files unchanged."""
    unmerged: tuple[UnsharedTensor, ...]
    """Every tensor that a merge does not touch: what is carried, and what only one side has."""
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
    base = open_checkpoint(file.base_checkpoint, file.base_key)
    layout = float_layout(base)
    models = {
        entry.name: open_fine_tuned(entry, base, layout, shares_rows=file.shares_rows) for entry in file.tasks
    }
    require_memory(file, layout)

    theta_0 = torch.empty(layout.n_weights)
    deltas = torch.empty(len(models), layout.n_weights)
    _report(context, 0.0, "Reading the base")
    arriving_base = ArrivingBase(theta_0, layout)
    digests = [base.read_each(layout.by_name, arriving_base.take)]
    arriving_base.moved(whose="The base")
    changed = [False] * len(layout.parameters)
    for row, (task, model) in enumerate(models.items()):
        _report(context, (row + 1) / (len(models) + 1), f"Reading '{task}'")
        arriving = ArrivingUpdate(deltas[row], theta_0, layout)
        digests.append(model.write_into(arriving))
        moved = arriving.moved(whose=f"Task '{task}'")
        changed = [before or now for before, now in zip(changed, moved, strict=True)]
    context.report(None, "Comparing the tasks")
    task_vectors = TaskVectors(layout, tuple(models), theta_0, deltas, tuple(changed))
    measured = plausibility(
        task_vectors, scope_ranges(task_vectors, Scope.CHANGED), check=context.let_others_pass
    )
    carried = tuple(name for name in base.entries if name not in layout.by_name)
    files = [(None, base), *((task, model.checkpoint) for task, model in models.items())]
    return ZooWeights(
        file=file,
        task_vectors=on_device(task_vectors, device),
        base=base,
        checkpoints=_facts(files, digests, measured),
        plausibility=measured,
        is_linearised=are_linearised(file.encoder, models),
        carried=carried,
        unmerged=unmerged_tensors(models, base, carried),
        warnings=(
            *(f"The base: {doubt}" for doubt in base.doubts),
            *doubts(models, base),
            *on_linearised(file.encoder, models),
            *measured.warnings,
        ),
    )


def _report(context: JobContext, fraction: float, note: str) -> None:
    context.let_others_pass()
    context.report(fraction, note)


def _facts(
    checkpoints: Sequence[tuple[str | None, Checkpoint]], digests: Sequence[str], measured: Plausibility
) -> tuple[CheckpointFacts, ...]:
    norms = (None, *measured.relative_norms)
    return tuple(
        CheckpointFacts(
            task=task,
            path=checkpoint.path,
            files=checkpoint.paths,
            format=checkpoint.format,
            dtypes=_counted(str(entry.dtype).removeprefix("torch.") for entry in checkpoint.entries.values()),
            n_bytes=checkpoint.n_bytes,
            digest=digest,
            notes=checkpoint.notes,
            relative_norm=norm,
        )
        for (task, checkpoint), digest, norm in zip(checkpoints, digests, norms, strict=True)
    )


def _counted(dtypes: Iterable[str]) -> str:
    return ", ".join(f"{count} {dtype}" for dtype, count in Counter(dtypes).most_common())
