"""TALL masks: which weights of the multi-task vector each task needs back.

    m_t = 1[ |τ_t| > λ_t · |τ_MTL − τ_t| ]

A count of masks is not agreement: where all tasks move a weight alike, their sum overshoots every one of
them and no mask keeps it; so every count comes with the signs and the mass behind it.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from analysis.errors import AnalysisError, ParameterRangeError
from analysis.kernels.row_groups import Groups, grouped
from analysis.kernels.tall import DOWN, UNTOUCHED, UP, Counted, count_masks
from analysis.kernels.tall_curve import MOST_STOPS, count_curve
from analysis.layout import Ranges
from analysis.merging.ties import TiesParams, sign_tally, ties
from analysis.redraw import redrawn, seed_word
from analysis.segments import Segment, segments
from analysis.task_vectors import TaskVectors
from analysis.trim import Trim, magnitude_trim

K = TypeVar("K", bound=Hashable)

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

MOST_TASKS = 32
"""Tasks whose masks fit into one integer a weight."""

MOST_PATTERNS = 12
"""Tasks up to which every combination of masks is counted."""

_CHUNK = 1 << 18
_TIES = TiesParams(density=0.2, merge="sum")


class Vector(StrEnum):
    """The multi-task vector that the masks are made for."""

    SUM = "sum"
    """Σ_t τ_t."""
    TIES = "ties"
    """TIES at density 0.2 with the sum of the agreeing tasks, as the authors build it."""


@dataclass(frozen=True, eq=False, slots=True)
class MaskSums:
    """Counts and sums over groups of weights; those of two groups together are theirs added up."""

    n: Counts
    """Weights, (G,)."""
    untouched: Counts
    """Weights no task moved, (G,); no mask keeps them, and they are not catastrophic."""
    kept: Counts
    """Weights each task's mask keeps, (G, T)."""
    kept_by: Counts
    """Weights kept by 0 … T masks, (G, T + 1); untouched ones are in the first."""
    equal_signs: Counts
    """Those of them that some task moved and all that did moved the same way, (G, T + 1)."""
    mass: Numbers
    """Σ_t |τ_t| over them, (G, T + 1)."""
    sum_l1: Numbers
    """|Σ_t τ_t| over them, (G, T + 1)."""
    energy: Numbers
    """τ_MTL² over them, (G, T + 1)."""
    selfish: Counts
    """Weights kept by this task's mask alone, (G, T)."""
    both: Counts
    """Weights two masks keep, (G, T, T); on the diagonal those one keeps."""
    patterns: Counts
    """Weights by the combination of masks that keeps them, (G, 2^T), bit t for task t; (G, 0) if T > 12."""

    @property
    def moved(self) -> Counts:
        """Weights kept by 0 … T masks that some task moved, (G, T + 1)."""
        moved = self.kept_by.copy()
        moved[:, 0] -= self.untouched
        return moved

    def pooled(self, groups: Sequence[int] | Counts, n_groups: int) -> "MaskSums":
        """Add up the rows with equal group numbers.

        Args:
            groups: Number of each row's group, 0 … n_groups − 1, (G,).
            n_groups: Groups afterwards.
        """
        pooled = {}
        for field in fields(self):
            values = getattr(self, field.name)
            pooled[field.name] = np.zeros((n_groups, *values.shape[1:]), dtype=values.dtype)
            np.add.at(pooled[field.name], np.asarray(groups, dtype=np.int64), values)
        return MaskSums(**pooled)


@dataclass(frozen=True, eq=False, slots=True)
class MaskCounts:
    """Counts of every segment in scope."""

    tasks: tuple[str, ...]
    segments: tuple[Segment, ...]
    sums: MaskSums
    """One row a segment."""

    @property
    def total(self) -> MaskSums:
        """All segments together, one row."""
        return self.sums.pooled(np.zeros(len(self.segments), dtype=np.int64), 1)

    def by(self, key: Callable[[Segment], K]) -> tuple[tuple[K, ...], MaskSums]:
        """The segments' groups in the order they are first seen, and the sums of each."""
        keys = [key(segment) for segment in self.segments]
        numbers = {one: number for number, one in enumerate(dict.fromkeys(keys))}
        return tuple(numbers), self.sums.pooled([numbers[one] for one in keys], len(numbers))


@dataclass(frozen=True, eq=False, slots=True)
class TallCurve:
    """Counts over a range of λ that all tasks share."""

    stops: tuple[float, ...]
    """λ, ascending, (N,)."""
    kept: Counts
    """Weights each task's mask keeps at each λ, (N, T)."""
    kept_by: Counts
    """Weights kept by 0 … T masks at each λ, (N, T + 1)."""


def bits_like(task_vectors: TaskVectors) -> Tensor:
    """Zeros for the masks of all tasks, one integer a weight, (P,): bit t is task t's mask.

    Raises:
        AnalysisError: There are more tasks than bits.
    """
    n_tasks = task_vectors.n_tasks
    if n_tasks > MOST_TASKS:
        raise AnalysisError(
            f"The zoo has {n_tasks} tasks; masks of at most {MOST_TASKS} fit together. Leave some tasks out."
        )
    # Signed beyond a byte: torch computes little with wide unsigned integers.
    dtypes = {8: torch.uint8, 15: torch.int16, 31: torch.int32, MOST_TASKS: torch.int64}
    dtype = next(dtype for most, dtype in dtypes.items() if n_tasks <= most)
    return torch.zeros(task_vectors.layout.n_weights, dtype=dtype, device=task_vectors.deltas.device)


def tall_counts(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    tall_lambda: Sequence[float],
    vector: Vector = Vector.SUM,
    sign_seed: int | None = None,
    bits: Tensor | None = None,
    check: Callable[[], None] = lambda: None,
) -> MaskCounts:
    """Make every task's mask and count which weights they keep.

    Args:
        task_vectors: Read where they lie.
        ranges: Columns in scope; they hold whole parameters.
        tall_lambda: λ of each task, (T,), ≥ 0, unitless.
        vector: The multi-task vector.
        sign_seed: Draws every sign anew first, for the null.
        bits: From `bits_like`; receives the masks in scope.
        check: Called often; raises to stop.

    Raises:
        AnalysisError: There are more tasks than masks fit together.
        ParameterRangeError: A λ is negative or not finite, or there is not one a task.
    """
    require_lambda(tall_lambda, task_vectors)
    on_cpu = task_vectors.deltas.device.type == "cpu"
    count = _count_fused if on_cpu and task_vectors.n_tasks <= MOST_TASKS else tall_counts_reference
    return count(
        task_vectors,
        ranges,
        tall_lambda=tall_lambda,
        vector=vector,
        sign_seed=sign_seed,
        bits=bits,
        check=check,
    )


def tall_counts_reference(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    tall_lambda: Sequence[float],
    vector: Vector = Vector.SUM,
    sign_seed: int | None = None,
    bits: Tensor | None = None,
    check: Callable[[], None] = lambda: None,
) -> MaskCounts:
    """The same in plain torch, on any device; see `tall_counts`."""
    found = segments(task_vectors.layout, ranges)
    multi_task = MultiTaskVector(task_vectors, ranges, vector, sign_seed=sign_seed, check=check)
    factors = torch.tensor(list(tall_lambda), dtype=torch.float32, device=task_vectors.deltas.device)
    rows = []
    for segment in found:
        total = _chunk_sums(*multi_task.at(segment.start, segment.start), factors)[1]
        for start, stop in chunks(segment.start, segment.stop):
            check()
            code, part = _chunk_sums(*multi_task.at(start, stop), factors)
            total = {name: value + part[name] for name, value in total.items()}
            if bits is not None:
                bits[start:stop] = code.to(bits.dtype)
        rows.append(total)
    empty = _chunk_sums(*multi_task.at(0, 0), factors)[1]
    sums = {
        name: np.stack([row[name].cpu().numpy() for row in rows])
        if rows
        else np.zeros((0, *value.shape), dtype=value.cpu().numpy().dtype)
        for name, value in empty.items()
    }
    return MaskCounts(task_vectors.tasks, found, MaskSums(**sums))


def _count_fused(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    tall_lambda: Sequence[float],
    vector: Vector,
    sign_seed: int | None,
    bits: Tensor | None,
    check: Callable[[], None],
) -> MaskCounts:
    """The same in one CPU pass."""
    n_tasks, found = task_vectors.n_tasks, segments(task_vectors.layout, ranges)
    counted = count_masks(
        task_vectors.deltas.numpy(),
        [(segment.start, segment.stop) for segment in found],
        fused_groups(task_vectors, ranges, vector, tall_lambda, check=check),
        by_pattern=n_tasks <= MOST_PATTERNS,
        is_ties=vector is Vector.TIES,
        seed=None if sign_seed is None else seed_word(sign_seed),
        bits=None if bits is None else bits.numpy(),
        check=check,
    )
    sums = _from_patterns(counted) if n_tasks <= MOST_PATTERNS else _from_pairs(counted)
    return MaskCounts(task_vectors.tasks, found, sums)


def _from_patterns(counted: Counted) -> MaskSums:
    """Every count that the combinations of masks hold."""
    n_tasks = counted.pairs.shape[2]
    by_signs = counted.counts.reshape(-1, 2**n_tasks, 4)
    patterns = by_signs.sum(axis=2)
    holds = ((np.arange(2**n_tasks)[:, None] >> np.arange(n_tasks)) & 1).astype(np.float64)  # (2^T, T)
    kept_by = np.eye(n_tasks + 1)[holds.sum(axis=1).astype(np.int64)]  # (2^T, T + 1)
    pairs = (holds[:, :, None] * holds[:, None, :]).reshape(len(holds), -1)  # (2^T, T · T)
    return MaskSums(
        n=patterns.sum(axis=1),
        untouched=by_signs[:, :, UNTOUCHED].sum(axis=1),
        kept=_times(patterns, holds),
        kept_by=_times(patterns, kept_by),
        equal_signs=_times(by_signs[:, :, DOWN] + by_signs[:, :, UP], kept_by),
        mass=counted.sums[:, 0],
        sum_l1=counted.sums[:, 1],
        energy=counted.sums[:, 2],
        selfish=patterns[:, 1 << np.arange(n_tasks)],
        both=_times(patterns, pairs).reshape(-1, n_tasks, n_tasks),
        patterns=patterns,
    )


def _times(counts: Counts, table: Numbers) -> Counts:
    """Matrix product; exact in float64 below 2^53 weights, and many times faster than in integers."""
    product: Counts = (counts.astype(np.float64) @ table).astype(np.int64)
    return product


def _from_pairs(counted: Counted) -> MaskSums:
    """Every count where there are too many combinations."""
    n_tasks = counted.pairs.shape[2]
    by_signs = counted.counts.reshape(-1, n_tasks + 1, 4)
    kept_by, both = by_signs.sum(axis=2), counted.pairs[:, :n_tasks]
    return MaskSums(
        n=kept_by.sum(axis=1),
        untouched=by_signs[:, :, UNTOUCHED].sum(axis=1),
        kept=np.diagonal(both, axis1=1, axis2=2).copy(),
        kept_by=kept_by,
        equal_signs=by_signs[:, :, DOWN] + by_signs[:, :, UP],
        mass=counted.sums[:, 0],
        sum_l1=counted.sums[:, 1],
        energy=counted.sums[:, 2],
        selfish=counted.pairs[:, n_tasks],
        both=both,
        patterns=np.zeros((len(kept_by), 0), dtype=np.int64),
    )


def fused_groups(
    task_vectors: TaskVectors,
    ranges: Ranges,
    vector: Vector,
    tall_lambda: Sequence[float],
    *,
    check: Callable[[], None],
) -> Groups:
    """What the fused passes know of every row."""
    n_tasks, threshold = task_vectors.n_tasks, np.zeros(task_vectors.n_tasks, dtype=np.float32)
    if vector is Vector.TIES:
        threshold = ties_cut(task_vectors.deltas, ranges, check=check).threshold.numpy()
    return grouped(n_tasks, threshold, np.asarray(tall_lambda, dtype=np.float32))


def tall_curve(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    stops: Sequence[float],
    vector: Vector = Vector.SUM,
    sign_seed: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> TallCurve:
    """Count kept weights at many λ that all tasks share, reading the task vectors once.

    Args:
        task_vectors: Read where they lie.
        ranges: Columns in scope.
        stops: λ, ascending, (N,), ≥ 0.
        vector: The multi-task vector.
        sign_seed: Draws every sign anew first, for the null.
        check: Called often; raises to stop.

    Raises:
        ParameterRangeError: A λ is negative or not finite.
    """
    for stop in stops:
        require_lambda([stop] * task_vectors.n_tasks, task_vectors)
    on_cpu = task_vectors.deltas.device.type == "cpu"
    count = _curve_fused if on_cpu and task_vectors.n_tasks <= MOST_TASKS else tall_curve_reference
    return count(task_vectors, ranges, stops=stops, vector=vector, sign_seed=sign_seed, check=check)


def tall_curve_reference(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    stops: Sequence[float],
    vector: Vector = Vector.SUM,
    sign_seed: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> TallCurve:
    """The same in plain torch, on any device; see `tall_curve`."""
    n_tasks = task_vectors.n_tasks
    kept = torch.zeros(len(stops), n_tasks, dtype=torch.int64)
    kept_by = torch.zeros(len(stops), n_tasks + 1, dtype=torch.int64)
    multi_task = MultiTaskVector(task_vectors, ranges, vector, sign_seed=sign_seed, check=check)
    for low, high in ranges:
        for start, end in chunks(low, high):
            check()
            deltas, tau_mtl = multi_task.at(start, end)
            own, rest = deltas.abs(), (tau_mtl - deltas).abs()
            for k, stop in enumerate(stops):
                masks = own > np.float32(stop).item() * rest
                kept[k] += masks.sum(dim=1).cpu()
                kept_by[k] += torch.bincount(masks.sum(dim=0), minlength=n_tasks + 1).cpu()
    return TallCurve(tuple(stops), kept.numpy(), kept_by.numpy())


def _curve_fused(
    task_vectors: TaskVectors,
    ranges: Ranges,
    *,
    stops: Sequence[float],
    vector: Vector,
    sign_seed: int | None,
    check: Callable[[], None],
) -> TallCurve:
    """The same in one CPU pass."""
    groups = fused_groups(task_vectors, ranges, vector, [0.0] * task_vectors.n_tasks, check=check)
    found = [
        count_curve(
            task_vectors.deltas.numpy(),
            ranges,
            groups,
            np.asarray(stops[first : first + MOST_STOPS], dtype=np.float32),
            is_ties=vector is Vector.TIES,
            seed=None if sign_seed is None else seed_word(sign_seed),
            check=check,
        )
        for first in range(0, max(len(stops), 1), MOST_STOPS)
    ]
    kept, kept_by = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return TallCurve(tuple(stops), kept, kept_by)


class MultiTaskVector:
    """The task vectors and their multi-task vector, slice by slice, with signs drawn anew if asked."""

    def __init__(
        self,
        task_vectors: TaskVectors,
        ranges: Ranges,
        vector: Vector,
        *,
        sign_seed: int | None,
        check: Callable[[], None],
    ) -> None:
        """Find what TIES must know of the whole vectors: where trimming cuts, and the majority of signs."""
        self._deltas = task_vectors.deltas
        self._sign_seed = sign_seed
        self._cut: Trim | None = None
        self._tally: Tensor | None = None
        if vector is Vector.TIES:
            self._ones = torch.ones(task_vectors.n_tasks, device=self._deltas.device)
            self._cut = ties_cut(self._deltas, ranges, check=check)
            tally = torch.zeros((), dtype=torch.int64, device=self._deltas.device)
            for low, high in ranges:
                for start, stop in chunks(low, high):
                    check()
                    deltas = self._signed(start, stop)
                    tally = tally + sign_tally(deltas, self._ones, self._cut, _TIES, start=start)
            self._tally = tally

    def at(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """The task vectors, (T, n), and the multi-task vector, (n,), of some columns."""
        deltas = self._signed(start, stop)
        if self._cut is None:
            total = torch.zeros_like(deltas[0])
            for tau_t in deltas:
                total += tau_t  # in task order, as the authors' sum of task vectors
            return deltas, total
        return deltas, ties(deltas, self._ones, self._cut, _TIES, start=start, tally=self._tally)

    def _signed(self, start: int, stop: int) -> Tensor:
        deltas = self._deltas[:, start:stop]
        return deltas if self._sign_seed is None else redrawn(deltas, self._sign_seed, start=start)


def ties_cut(deltas: Tensor, ranges: Ranges, *, check: Callable[[], None]) -> Trim:
    """Where TIES trims every task, found task by task so that a stop is heard between them."""
    found = []
    for task in range(len(deltas)):
        check()
        found.append(magnitude_trim(deltas, [task], ranges, density=_TIES.density))
    return Trim(torch.cat([cut.threshold for cut in found]), torch.cat([cut.last_tie for cut in found]))


def chunks(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Stretches of columns small enough that a stop is heard between them."""
    for at in range(start, stop, _CHUNK):
        yield at, min(at + _CHUNK, stop)


def require_lambda(tall_lambda: Sequence[float], task_vectors: TaskVectors) -> None:
    """Refuse λ that give no masks.

    Raises:
        ParameterRangeError: A λ is negative or not finite, or there is not one a task.
    """
    if len(tall_lambda) != task_vectors.n_tasks:
        raise ParameterRangeError(f"{len(tall_lambda)} λ for {task_vectors.n_tasks} tasks; give one a task.")
    for task, value in zip(task_vectors.tasks, tall_lambda, strict=True):
        if not (np.isfinite(value) and value >= 0):
            raise ParameterRangeError(f"λ of '{task}' is {value}; it must be at least 0 and finite.")


def _chunk_sums(deltas: Tensor, tau_mtl: Tensor, factors: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    """The masks of some columns as integers, (n,), and every field of `MaskSums` without the leading axis."""
    n_tasks = len(deltas)
    masks = deltas.abs() > factors[:, None] * (tau_mtl - deltas).abs()
    powers = 1 << torch.arange(n_tasks, device=deltas.device)
    code = (masks * powers[:, None]).sum(dim=0)
    count = masks.sum(dim=0)
    goes_up, goes_down = (deltas > 0).any(dim=0), (deltas < 0).any(dim=0)
    alone = masks & (count == 1)
    wide = masks.double()

    def over(values: Tensor) -> Tensor:
        return torch.bincount(count, weights=values.double(), minlength=n_tasks + 1)

    n_patterns = 2**n_tasks if n_tasks <= MOST_PATTERNS else 0
    # Without patterns a code may be as large as 2^32, and so would be the table.
    patterns = torch.bincount(code[: len(code) if n_patterns else 0], minlength=n_patterns)
    return code, {
        "n": torch.tensor(deltas.shape[1]),
        "untouched": (~goes_up & ~goes_down).sum(),
        "kept": masks.sum(dim=1),
        "kept_by": torch.bincount(count, minlength=n_tasks + 1),
        "equal_signs": torch.bincount(count[goes_up != goes_down], minlength=n_tasks + 1),
        "mass": over(deltas.abs().double().sum(dim=0)),
        "sum_l1": over(deltas.double().sum(dim=0).abs()),
        "energy": over(tau_mtl.double().square()),
        "selfish": alone.sum(dim=1),
        "both": (wide @ wide.T).long(),
        "patterns": patterns,
    }
