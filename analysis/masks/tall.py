"""TALL masks: which weights of the multi-task vector each task needs back.

    m_t = 1[ |τ_t| > λ_t · |τ_MTL − τ_t| ]

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from analysis.arrays import Integers, Numbers
from analysis.errors import AnalysisError, ParameterRangeError
from analysis.kernels.row_groups import Updates, updates
from analysis.kernels.tall import DOWN, UNTOUCHED, UP, Counted, count_masks
from analysis.masks.counts import MOST_PATTERNS, MaskCounts, MaskSums
from analysis.masks.multi_task_vector import MaskInputs, MultiTaskVector, Vector
from analysis.model.layout import chunks
from analysis.model.segments import segments
from analysis.model.task_vectors import TaskVectors
from analysis.weights.redraw import seed_word

MOST_TASKS = 32
"""Tasks whose masks fit into one integer per weight."""


def bits_like(task_vectors: TaskVectors) -> Tensor:
    """Zeros for the masks of all tasks, one integer per weight, (P,): bit t is task t's mask.

    Raises:
        AnalysisError: There are more tasks than bits.
    """
    n_tasks = task_vectors.n_tasks
    if n_tasks > MOST_TASKS:
        raise AnalysisError(
            f"The zoo has {n_tasks} tasks; masks of at most {MOST_TASKS} fit together. Leave some tasks out."
        )
    # Signed beyond a byte: torch computes little with wide unsigned integers; the last mask is the sign bit.
    dtypes = {8: torch.uint8, 16: torch.int16, MOST_TASKS: torch.int32}
    dtype = next(dtype for most, dtype in dtypes.items() if n_tasks <= most)
    return torch.zeros(task_vectors.layout.n_weights, dtype=dtype, device=task_vectors.deltas.device)


def tall_counts(
    inputs: MaskInputs,
    tall_lambda: Sequence[float],
    *,
    bits: Tensor | None = None,
    check: Callable[[], None] = lambda: None,
) -> MaskCounts:
    """Make every task's mask and count which weights they keep.

    Args:
        inputs: What the masks are made from.
        tall_lambda: λ of each task, (T,), ≥ 0, unitless.
        bits: From `bits_like`; receives the masks in scope.
        check: Called often; raises to stop.

    Raises:
        AnalysisError: There are more tasks than masks fit together.
        ParameterRangeError: A λ is negative or not finite, or there is not one per task.
    """
    require_lambda(tall_lambda, inputs.task_vectors)
    count = _count_fused if fits_one_pass(inputs) else tall_counts_reference
    return count(inputs, tall_lambda, bits=bits, check=check)


def tall_counts_reference(
    inputs: MaskInputs,
    tall_lambda: Sequence[float],
    *,
    bits: Tensor | None = None,
    check: Callable[[], None] = lambda: None,
) -> MaskCounts:
    """The same in plain torch, on any device; see `tall_counts`."""
    task_vectors = inputs.task_vectors
    found = segments(task_vectors.layout, inputs.ranges)
    multi_task = MultiTaskVector(inputs, check=check)
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


def fits_one_pass(inputs: MaskInputs) -> bool:
    """Whether the masks can be made in one CPU pass: the task vectors lie there, a bit for each task."""
    task_vectors = inputs.task_vectors
    return task_vectors.deltas.device.type == "cpu" and task_vectors.n_tasks <= MOST_TASKS


def updates_of(inputs: MaskInputs, tall_lambda: Sequence[float], check: Callable[[], None]) -> Updates:
    """The task vectors as the fused passes read them; `check` raises to stop."""
    return updates(
        inputs.task_vectors.deltas.numpy(),
        threshold=inputs.threshold(check),
        tall_lambda=np.asarray(tall_lambda, dtype=np.float32),
        is_ties=inputs.vector is Vector.TIES,
        seed=None if inputs.sign_seed is None else seed_word(inputs.sign_seed),
    )


def _count_fused(
    inputs: MaskInputs,
    tall_lambda: Sequence[float],
    *,
    bits: Tensor | None,
    check: Callable[[], None],
) -> MaskCounts:
    """The same in one CPU pass."""
    task_vectors = inputs.task_vectors
    found = segments(task_vectors.layout, inputs.ranges)
    by_pattern = task_vectors.n_tasks <= MOST_PATTERNS
    counted = count_masks(
        updates_of(inputs, tall_lambda, check),
        [(segment.start, segment.stop) for segment in found],
        by_pattern=by_pattern,
        bits=None if bits is None else bits.numpy(),
        check=check,
    )
    return MaskCounts(task_vectors.tasks, found, (_from_patterns if by_pattern else _from_pairs)(counted))


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


def _times(counts: Integers, table: Numbers) -> Integers:
    """Matrix product; exact in float64 below 2^53 weights, and many times faster than in integers."""
    product: Integers = (counts.astype(np.float64) @ table).astype(np.int64)
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


def require_lambda(tall_lambda: Sequence[float], task_vectors: TaskVectors) -> None:
    """Refuse λ that give no masks.

    Raises:
        ParameterRangeError: A λ is negative or not finite, or there is not one per task.
    """
    if len(tall_lambda) != task_vectors.n_tasks:
        raise ParameterRangeError(
            f"{len(tall_lambda)} λ for {task_vectors.n_tasks} tasks; give one per task."
        )
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
