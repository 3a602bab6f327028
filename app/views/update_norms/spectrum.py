"""Directions in which a task changed one weight matrix, beside a random matrix of its size."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Numbers
from analysis.model.segments import Segment
from analysis.model.task_vectors import TaskVectors
from analysis.weights.spectrum import effective_rank, random_singular_values, singular_values, stable_rank
from app.views.update_norms.tensors import tensor_word
from app.words.numbers import Rows
from app.work.jobs import JobContext
from app.work.measurement import Measurement

CONCENTRATED = 0.9
"""Share of the random matrix's effective rank below which an update counts as concentrated.

Draws of a random matrix differ by about 1 % among each other."""


@dataclass(frozen=True, eq=False, slots=True)
class UpdateSpectrum:
    """Singular values of one task's update of one matrix."""

    task: str
    name: str
    shape: tuple[int, int]
    values: Numbers
    """(min(shape),), descending, weight units."""
    null: Numbers
    """The same of a matrix of independent entries, with the shape and Frobenius norm of the update."""

    @property
    def effective_rank(self) -> float:
        """Number of equally strong directions as spread out as these; 0 where nothing changed."""
        return effective_rank(self.values)

    @property
    def null_effective_rank(self) -> float:
        """The random matrix's."""
        return effective_rank(self.null)

    @property
    def stable_rank(self) -> float:
        """‖A‖_F² / σ_1²; 0 where nothing changed."""
        return stable_rank(self.values)

    @property
    def null_stable_rank(self) -> float:
        """The random matrix's."""
        return stable_rank(self.null)


def spectrum_of(
    task_vectors: TaskVectors, task: str, segment: Segment, *, name: str, shape: tuple[int, int]
) -> Measurement[tuple[str, str], UpdateSpectrum]:
    """The spectrum of one task's update of one matrix.

    Args:
        task_vectors: Read where they lie.
        task: Whose update.
        segment: The matrix, row after row.
        name: Of the matrix, for a person.
        shape: Its rows and columns.
    """
    row = task_vectors.deltas[task_vectors.tasks.index(task)]

    def compute(context: JobContext) -> UpdateSpectrum:
        values = singular_values(row[segment.start : segment.stop].view(shape), check=context.check)
        norm = float(np.sqrt((values**2).sum()))
        return UpdateSpectrum(task, name, shape, values, random_singular_values(*shape, norm=norm))

    return Measurement((task, tensor_word(segment)), compute)


def spectrum_rows(found: UpdateSpectrum) -> Rows:
    """One row per direction, the strongest first."""
    return [
        {"direction": at + 1, "sigma": value, "random": null}
        for at, (value, null) in enumerate(zip(found.values.tolist(), found.null.tolist(), strict=True))
    ]


def is_concentrated(found: UpdateSpectrum) -> bool:
    """Whether the update has clearly fewer directions than the random matrix."""
    return 0 < found.effective_rank < CONCENTRATED * found.null_effective_rank


def spectrum_takeaway(found: UpdateSpectrum) -> str:
    """Whether the update is more concentrated than chance.

    It counts as concentrated when its effective rank is below nine tenths of the random matrix's.
    """
    if not found.effective_rank:
        return f"'{found.task}' did not change {found.name}."
    rank, null, most = found.effective_rank, found.null_effective_rank, min(found.shape)
    directions = f"'{found.task}' changes {found.name} in effectively {rank:.0f} of {most} directions"
    if is_concentrated(found):
        return f"{directions}, fewer than the {null:.0f} of a random matrix of the same shape and norm."
    return f"{directions}, no fewer than chance: a random matrix of the same shape and norm has {null:.0f}."
