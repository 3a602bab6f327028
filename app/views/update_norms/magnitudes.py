"""Sizes of the updates of a layer's single weights: the distribution of |τ|, task by task."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.arrays import Numbers
from analysis.weights.statistics import Statistics, bin_edges
from app.words.numbers import Rows, percent

ALIKE = 1.5
"""Ratio of the tasks' medians from which one changes a typical weight more than another."""


@dataclass(frozen=True, eq=False, slots=True)
class Magnitudes:
    """Distributions of |τ_t| over some weights."""

    tasks: tuple[str, ...]
    edges: Numbers
    """Ends of the bins from the first to the last that holds something, (B+1,), weight units."""
    shares: Numbers
    """Share of all these weights that each bin holds, (T, B)."""
    unmoved: Numbers
    """Share of them that stayed at θ_0, (T,)."""
    medians: Numbers
    """Update that half of them exceed, (T,), weight units; 0 where half or more stayed."""
    rms: Numbers
    """Root of the mean square update, (T,), weight units."""
    n: int
    """Weights."""

    @property
    def middles(self) -> Numbers:
        """Geometric middle of each bin, (B,), weight units."""
        return np.sqrt(self.edges[:-1] * self.edges[1:])

    def per_doubling(self, shares: Numbers) -> Numbers:
        """Shares of bins, (..., B), per doubling of |τ|: the bins are not equally wide on a log scale."""
        return shares / np.diff(np.log2(self.edges))

    def normal(self, task: str) -> Numbers:
        """Share each bin would hold of normally distributed updates of the same RMS, (B,)."""
        rms = float(self.rms[self.tasks.index(task)])
        if not rms:
            return np.zeros(len(self.edges) - 1)
        return np.diff([math.erf(edge / rms / math.sqrt(2)) for edge in self.edges.tolist()])


def magnitudes(
    statistics: Statistics, *, place: str | None = None, component: str | None = None
) -> Magnitudes | None:
    """The distributions over the weights of a layer and a component, or of all; None without weights.

    Args:
        statistics: Of the weights in scope.
        place: Key of the layer; None for all.
        component: None for all.
    """
    inside = np.array(
        [
            place in (None, segment.place.key) and component in (None, segment.component)
            for segment in statistics.segments
        ],
        dtype=bool,
    )
    n = int(statistics.sums.n[inside].sum())
    if not n:
        return None
    counts = statistics.sums.histogram[inside].sum(axis=0)  # (T, B)
    held = np.flatnonzero(counts.any(axis=0))
    first, last = (int(held[0]), int(held[-1]) + 1) if len(held) else (0, 1)
    squares = np.diagonal(statistics.sums.gram[inside].sum(axis=0))
    edges = bin_edges()
    unmoved = statistics.sums.zeros[inside].sum(axis=0)
    return Magnitudes(
        tasks=statistics.tasks,
        edges=edges[first : last + 1],
        shares=counts[:, first:last] / n,
        unmoved=unmoved / n,
        medians=np.array(
            [_median(row, int(zeros), n, edges) for row, zeros in zip(counts, unmoved, strict=True)]
        ),
        rms=np.sqrt(squares / n),
        n=n,
    )


def magnitude_rows(found: Magnitudes) -> Rows:
    """One row per task and bin."""
    return [
        {"task": task, "from": low, "to": high, "share": share}
        for task, shares in zip(found.tasks, found.shares.tolist(), strict=True)
        for low, high, share in zip(found.edges[:-1].tolist(), found.edges[1:].tolist(), shares, strict=True)
    ]


def magnitudes_takeaway(found: Magnitudes, where: str, task: str | None) -> str:
    """The task that changes a typical weight most, or the rank of the chosen one.

    Args:
        found: The distributions.
        where: Names the weights, such as "block 3".
        task: The chosen one, if any.
    """
    by_task = dict(zip(found.tasks, found.medians.tolist(), strict=True))
    order = sorted(by_task, key=lambda name: -by_task[name])
    most, least = order[0], order[-1]
    if not by_task[most]:
        return f"No task changes more than half of the weights of {where}."
    if task is not None:
        if not by_task[task]:
            share = float(found.unmoved[found.tasks.index(task)])
            return f"'{task}' leaves {percent(share)} of the weights of {where} unchanged."
        rank = order.index(task) + 1
        return (
            f"'{task}' changes half of the weights of {where} by more than {by_task[task]:.2g}: "
            f"rank {rank} of {len(order)} tasks, whose medians lie between {by_task[least]:.2g} and "
            f"{by_task[most]:.2g}."
        )
    if by_task[most] < ALIKE * by_task[least]:
        return (
            f"All tasks change a typical weight of {where} by about as much: "
            f"{by_task[least]:.2g} to {by_task[most]:.2g}."
        )
    return (
        f"'{most}' changes a typical weight of {where} most, by {by_task[most]:.2g}; "
        f"'{least}' changes it least, by {by_task[least]:.2g}."
    )


def _median(counts: Numbers, unmoved: int, n: int, edges: Numbers) -> float:
    """Where half of the weights lie below, on the log scale inside its bin."""
    half = n / 2
    if unmoved >= half:
        return 0.0
    below = unmoved + np.cumsum(counts)
    within = int(np.searchsorted(below, half))
    share = (half - (below[within] - counts[within])) / counts[within]
    low, high = float(edges[within]), float(edges[within + 1])
    return float(low * (high / low) ** share)
