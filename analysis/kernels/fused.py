"""Interface of every fused CPU merge: slices written in place, some of them twice."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol, Self

from torch import Tensor


class Slice(NamedTuple):
    """Neighbouring columns that share one scaling."""

    start: int
    """First column."""
    stop: int
    """Column after the last."""
    scaling: float
    """Factor of tau_mtl there, unitless."""


@dataclass(frozen=True, slots=True)
class Buffers:
    """The memory one merge reads and writes; float32 on the CPU, shared and never copied."""

    theta_0: Tensor
    """Pre-trained weights, (P,)."""
    deltas: Tensor
    """Task vectors, (T, P), rows contiguous."""
    tau_mtl: Tensor
    """Receives the multi-task vector, (P,), unscaled."""
    theta: Tensor
    """Receives theta_0 + scaling * tau_mtl, (P,)."""

    def at(self, columns: Slice) -> Self:
        """The same memory, there only."""
        here = slice(columns.start, columns.stop)
        return type(self)(self.theta_0[here], self.deltas[:, here], self.tau_mtl[here], self.theta[here])


class FusedMerge(Protocol):
    """A merge in one pass over memory, slice by slice, so that it can be cancelled between slices."""

    def write(self, columns: Slice) -> None:
        """Write tau_mtl and theta there."""

    def unsettled(self) -> tuple[Slice, ...]:
        """Slices to write again once all are written; empty for most methods, and after a second round."""
