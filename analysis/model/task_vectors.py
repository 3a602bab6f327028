"""Task vectors: the updates that fine-tuning made, as one flat matrix.

Source: Ilharco et al., Editing models with task arithmetic, ICLR 2023, arXiv:2212.04089.
"""

from dataclasses import dataclass

from torch import Tensor

from analysis.model.layout import Layout


@dataclass(frozen=True, eq=False)
class TaskVectors:
    """Task vectors τ_t = θ_t − θ_0 of T tasks on one base."""

    layout: Layout
    tasks: tuple[str, ...]
    theta_0: Tensor
    """Pre-trained weights, (P,), float32."""
    deltas: Tensor
    """Task vectors, (T, P), float32, contiguous; one parameter's or one block's columns are a view."""
    changed: tuple[bool, ...]
    """For each parameter of the layout: whether some task changed it."""

    @property
    def n_tasks(self) -> int:
        """T."""
        return len(self.tasks)
