"""Checkpoints of linearised models, whose weights have numbers for names.

Source: Ortiz-Jiménez et al., Task arithmetic in the tangent space, NeurIPS 2023, arXiv:2305.12827; the
authors' files hold `model.params0.I`, the weights of the base, and `model.params.I`, those after training.
"""

import re
from dataclasses import dataclass

from analysis.errors import MismatchError
from analysis.model.arriving import ArrivingUpdate
from analysis.model.layout import Layout
from cache.checkpoints import Checkpoint

_NUMBERED = re.compile(r"((?:.*\.)?params)(0?)\.(\d+)")
_FARTHEST = 0.01
"""Distance of the file's own base from the zoo's, relative to its length: half precision makes 0.0003."""


@dataclass(frozen=True, eq=False, slots=True)
class PairedLinearised:
    """A linearised model whose weights were found in the base, number by number."""

    checkpoint: Checkpoint
    where: str
    """Whose, to begin a sentence: "Task 'digits'"."""
    weights: tuple[tuple[str, str, str], ...]
    """The base's name of each weight, and the file's names of it before and after training."""

    def write_into(self, arriving: ArrivingUpdate) -> str:
        """Write the task vector: trained weights less the file's own base.

        Returns:
            Digest of the file.

        Raises:
            CheckpointError: The file changed on disk.
            MismatchError: Its own base is not that of the zoo.
        """
        row, layout = arriving.row, arriving.layout
        row.zero_()
        apart = length = 0.0
        for name, before, after in self.weights:
            start = self.checkpoint.read(before).float()
            base = layout.view(arriving.theta_0, name)
            apart += float((start - base).double().square().sum())
            length += float(base.double().square().sum())
            layout.view(row, name).copy_(self.checkpoint.read(after).float() - start)
        if apart > _FARTHEST**2 * length:
            raise MismatchError(
                f"{self.where} is a linearised model of another base, or the base's weights stand in another "
                "order than they had in the model; give the zeroshot.pt that lay beside it."
            )
        arriving.look()
        return self.checkpoint.digest()

    def doubts(self) -> list[str]:
        """What may be wrong with the model: nothing that is not refused."""
        return []


def is_linearised(checkpoint: Checkpoint) -> bool:
    """Whether all tensors are numbered weights, each before and after training."""
    found = [_NUMBERED.fullmatch(name) for name in _held(checkpoint)]
    return all(found) and {bool(one and one[2]) for one in found} == {True, False}


def _held(checkpoint: Checkpoint) -> dict[str, str]:
    """The name that counts of every tensor: one that training left alone may be one with its start."""
    return {name: kept for kept, entry in checkpoint.entries.items() for name in (kept, *entry.aliases)}


def paired_linearised(
    checkpoint: Checkpoint, base: Checkpoint, layout: Layout, *, where: str
) -> PairedLinearised:
    """Find each numbered weight in the base: the I-th is the I-th parameter of the model.

    Args:
        checkpoint: Of a task; `is_linearised`.
        base: The model it was trained from.
        layout: Of the base's weights.
        where: Whose model, to begin a sentence: "Task 'digits'".

    Raises:
        MismatchError: The base is linearised too, so that no weight has a name, or has other weights.
    """
    if is_linearised(base):
        raise MismatchError(
            f"{where} and the base are linearised models, which have numbers for names; give the ordinary "
            "checkpoint as base, such as zeroshot.pt."
        )
    held = _held(checkpoint)
    prefix = next(found[1] for name in held if (found := _NUMBERED.fullmatch(name)))
    names = tuple(layout.by_name)
    weights = []
    for number, name in enumerate(names):
        before, after = f"{prefix}0.{number}", f"{prefix}.{number}"
        for own in (before, after):
            shape = checkpoint.entries[held[own]].shape if own in held else None
            if shape != layout.by_name[name].shape:
                what = "is missing" if shape is None else f"has shape {shape}"
                raise MismatchError(
                    f"{where} is a linearised model whose '{own}' {what}; '{name}' of the base has "
                    f"{layout.by_name[name].shape}. Give the base that it was trained from."
                )
        weights.append((name, held[before], held[after]))
    if len(held) != 2 * len(names):
        raise MismatchError(
            f"{where} is a linearised model of {len(held) // 2} weights; the base has "
            f"{len(names)}. Give the base that it was trained from."
        )
    return PairedLinearised(checkpoint, where, tuple(weights))
