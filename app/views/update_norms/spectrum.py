"""Directions in which a task changed one weight matrix, beside the same magnitudes with random signs."""

from dataclasses import dataclass

from analysis.arrays import Numbers
from analysis.model.segments import Segment
from analysis.model.task_vectors import TaskVectors
from analysis.weights.redraw import redrawn
from analysis.weights.spectrum import effective_rank, singular_values, stable_rank
from app.views.update_norms.tensors import tensor_word
from app.words.numbers import Rows
from app.work.jobs import JobContext
from app.work.measurement import Measurement

CONCENTRATED = 0.9
"""Share of the effective rank with random signs below which an update counts as concentrated.

Draws differ by about 1 % among each other."""

_SEED = 0


@dataclass(frozen=True, eq=False, slots=True)
class UpdateSpectrum:
    """Singular values of one task's update of one matrix."""

    task: str
    name: str
    shape: tuple[int, int]
    values: Numbers
    """(min(shape),), descending, weight units."""
    null: Numbers
    """The same of the update's own magnitudes with random signs: large entries concentrate by themselves."""

    @property
    def effective_rank(self) -> float:
        """Number of equally strong directions as spread out as these; 0 where nothing changed."""
        return effective_rank(self.values)

    @property
    def null_effective_rank(self) -> float:
        """With random signs."""
        return effective_rank(self.null)

    @property
    def stable_rank(self) -> float:
        """‖A‖_F² / σ_1²; 0 where nothing changed."""
        return stable_rank(self.values)

    @property
    def null_stable_rank(self) -> float:
        """With random signs."""
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
    row = task_vectors.tasks.index(task)
    update = task_vectors.deltas[row : row + 1, segment.start : segment.stop]

    def compute(context: JobContext) -> UpdateSpectrum:
        drawn = redrawn(update, _SEED, start=segment.start)
        values, null = (singular_values(one.view(shape), check=context.check) for one in (update, drawn))
        return UpdateSpectrum(task, name, shape, values, null)

    return Measurement((task, tensor_word(segment)), compute)


def spectrum_rows(found: UpdateSpectrum) -> Rows:
    """One row per direction, the strongest first."""
    return [
        {"direction": at + 1, "sigma": value, "random": null}
        for at, (value, null) in enumerate(zip(found.values.tolist(), found.null.tolist(), strict=True))
    ]


def is_concentrated(found: UpdateSpectrum) -> bool:
    """Whether the update has clearly fewer directions than with random signs."""
    return 0 < found.effective_rank < CONCENTRATED * found.null_effective_rank


def spectrum_takeaway(found: UpdateSpectrum) -> str:
    """Whether the update is more concentrated than chance.

    It counts as concentrated when its effective rank is below nine tenths of that with random signs.
    """
    if not found.effective_rank:
        return f"'{found.task}' did not change {found.name}."
    rank, null, most = found.effective_rank, found.null_effective_rank, min(found.shape)
    directions = f"'{found.task}' changes {found.name} in effectively {rank:.0f} of {most} directions"
    if is_concentrated(found):
        return f"{directions}, fewer than the {null:.0f} of the same magnitudes with random signs."
    return f"{directions}, no fewer than chance: the same magnitudes with random signs have {null:.0f}."
