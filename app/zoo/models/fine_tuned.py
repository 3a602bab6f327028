"""Fine-tuned models of a zoo beside their base: whole models, and adapters on it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import torch

from analysis.listing import few
from analysis.model.arriving import ArrivingUpdate
from analysis.model.buffers import is_table
from analysis.model.layout import Layout
from analysis.model.pairing import Pairing, Shapes, pairing
from app.zoo.models.adapters import PairedAdapter, paired_adapter
from app.zoo.models.linearised import PairedLinearised, is_linearised, paired_linearised
from app.zoo.models.unshared import UnsharedTensor, carried_tensors, unshared_tensors, unshared_weights
from app.zoo.zoo_file import EncoderEntry, TaskEntry
from cache.checkpoints import Checkpoint, open_checkpoint
from cache.lora import is_adapter, open_adapter


@dataclass(frozen=True, eq=False, slots=True)
class PairedModel:
    """A whole model whose tensors were paired with the base's."""

    checkpoint: Checkpoint
    pairing: Pairing
    untied: tuple[tuple[str, str], ...]
    """Tensors that are one in the base and two here: the name that counts, and the other."""
    n_rows: Mapping[str, tuple[int, int]]
    """Rows of each table whose length differs: here, and in the base."""

    def write_into(self, arriving: ArrivingUpdate) -> str:
        """Read the fine-tuned weights; what the model lacks is left as the base has it.

        Returns:
            Digest of the model's files.

        Raises:
            CheckpointError: A file changed on disk.
        """
        for name in (*self.pairing.missing, *self.pairing.other_heads, *self.pairing.resized):
            arriving.leave(name)
        for name, own in self.pairing.resized.items():
            n_shared = min(self.n_rows[name])
            arriving.take(name, 0, self.checkpoint.read(own)[:n_shared].float().flatten())
        of_base = {own: name for name, own in self.pairing.names.items()}
        return self.checkpoint.read_each(
            of_base, lambda own, first, values: arriving.take(of_base[own], first, values)
        )

    def doubts(self) -> list[str]:
        """What may be wrong with the model, as sentences."""
        differing = [
            (kept, other)
            for kept, other in self.untied
            if not torch.equal(self.checkpoint.read(kept), self.checkpoint.read(other))
        ]
        return [
            *self.checkpoint.doubts,
            *(
                f"Of '{name}' the first {min(own, of_base)} rows are merged: it has {own}, the base "
                f"{of_base}."
                for name, (own, of_base) in self.n_rows.items()
            ),
            *(
                f"'{other}' is one tensor with '{kept}' in the base and another here; it is left out."
                for kept, other in differing
            ),
        ]


FineTuned = PairedModel | PairedAdapter | PairedLinearised


def doubts(models: Mapping[str, FineTuned], base: Checkpoint) -> list[str]:
    """What may be wrong with a zoo's models and what they leave out, as sentences.

    Args:
        models: By task.
        base: The model they were fine-tuned from.
    """
    pairings = {task: model.pairing for task, model in models.items() if isinstance(model, PairedModel)}
    return [
        *(f"Task '{task}': {doubt}" for task, model in models.items() for doubt in model.doubts()),
        *unshared_weights(pairings, float_shapes(base)),
    ]


def unmerged_tensors(
    models: Mapping[str, FineTuned], base: Checkpoint, carried: Iterable[str]
) -> tuple[UnsharedTensor, ...]:
    """Every tensor of a zoo that a merge does not touch.

    Args:
        models: By task.
        base: The model they were fine-tuned from.
        carried: Tensors of the base that are no weights.
    """
    paired = {
        task: (model.pairing, model.checkpoint.entries)
        for task, model in models.items()
        if isinstance(model, PairedModel)
    }
    return (*unshared_tensors(paired, base.entries), *carried_tensors(carried, base.entries))


def are_linearised(encoder: EncoderEntry | None, models: Mapping[str, FineTuned]) -> bool:
    """Whether merges are evaluated as models of first order: as the zoo states, or else as its tasks are.

    Args:
        encoder: As `zoo.toml` gives it.
        models: By task.
    """
    stated = None if encoder is None else encoder.linearised
    if stated is not None:
        return stated
    return all(isinstance(model, PairedLinearised) for model in models.values())


def on_linearised(encoder: EncoderEntry | None, models: Mapping[str, FineTuned]) -> tuple[str, ...]:
    """What to know of a zoo of linearised models, as sentences.

    Args:
        encoder: As `zoo.toml` gives it.
        models: By task.
    """
    linearised = [task for task, model in models.items() if isinstance(model, PairedLinearised)]
    if are_linearised(encoder, models):
        return (
            "Accuracies are those of the model of first order around the base (tangent task arithmetic); a "
            "merged file holds its weights, with which an ordinary network gives other answers.",
        )
    if not linearised:
        return ()
    return (
        f"{few(linearised, 3)} were trained as linearised models and are evaluated as ordinary ones; for the "
        "former state linearised = true under [encoder].",
    )


def open_fine_tuned(
    entry: TaskEntry, base: Checkpoint, layout: Layout, *, shares_rows: bool = False
) -> FineTuned:
    """Open a task's model, and find its weights in the base; no weight is read.

    Args:
        entry: The task, as `zoo.toml` gives it.
        base: The model it was fine-tuned from.
        layout: Of the base's weights.
        shares_rows: Whether vocabularies of two sizes are merged on the rows that both have.

    Raises:
        FileError: A file is missing or cannot be read.
        CheckpointError: A file is no checkpoint or is damaged.
        MismatchError: It is a model of another kind than the base.
    """
    where = f"Task '{entry.name}'"
    if is_adapter(entry.checkpoint):
        return paired_adapter(open_adapter(entry.checkpoint), base, layout, where=where)
    checkpoint = open_checkpoint(entry.checkpoint, entry.key)
    if is_linearised(checkpoint):
        return paired_linearised(checkpoint, base, layout, where=where)
    names, untied = _names_as_in(base, checkpoint)
    shapes = float_shapes(checkpoint)
    of_base = float_shapes(base)
    found = pairing(
        {name: shapes[own] for name, own in names.items()}, of_base, where=where, shares_rows=shares_rows
    )
    paired = replace(
        found,
        names={name: names[other] for name, other in found.names.items()},
        resized={name: names[other] for name, other in found.resized.items()},
    )
    n_rows = {name: (shapes[own][0], of_base[name][0]) for name, own in paired.resized.items()}
    return PairedModel(checkpoint, paired, untied, n_rows)


def float_shapes(checkpoint: Checkpoint) -> Shapes:
    """Shapes of a model's weights, without masks, tables and whole numbers."""
    return {
        name: entry.shape
        for name, entry in checkpoint.entries.items()
        if entry.dtype.is_floating_point and not is_table(name)
    }


def _names_as_in(
    base: Checkpoint, checkpoint: Checkpoint
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    """A model's names of its weights, by names under which tied ones meet those of the base.

    Of tensors that share their values either side keeps one name, and not always the same one.
    """
    kept = {alias: name for name, entry in base.entries.items() for alias in entry.aliases}
    shapes = float_shapes(checkpoint)
    names: dict[str, str] = {}
    untied = []
    for name in shapes:
        further = checkpoint.entries[name].aliases
        prefix, alias = _tied_name(name, kept, base, shapes)
        other = f"{prefix}{kept[alias]}" if alias else name
        if alias and other in shapes:
            untied.append((other, name))
            continue
        if not alias and name not in base.entries:
            other = next((one for one in further if one in base.entries), name)
        names[other] = name
    return names, tuple(untied)


def _tied_name(
    name: str, kept: Mapping[str, str], base: Checkpoint, shapes: Collection[str]
) -> tuple[str, str]:
    """What stands before a further name of a tied weight, and that name; twice "" where it is none.

    A longer name that only ends like it is another weight's: what stands before it stands before most names.
    """
    if name in base.entries:
        return "", ""
    for alias in kept:
        prefix = name.removesuffix(alias)
        if f".{name}".endswith(f".{alias}") and _is_common(prefix, shapes):
            return prefix, alias
    return "", ""


def _is_common(prefix: str, names: Collection[str]) -> bool:
    return 2 * sum(name.startswith(prefix) for name in names) > len(names)
