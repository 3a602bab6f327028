"""The sums of `analysis.weights.statistics` in plain torch on any device: the law for the fused CPU pass."""

from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from analysis.kernels.magnitudes import BINS, LOWEST
from analysis.kernels.segment_sums import Tally
from analysis.kernels.weighted_sum import weighted_sum
from analysis.model.task_vectors import TaskVectors
from analysis.weights.redraw import redrawn
from analysis.weights.trim import Trim, trim

_AT_ONCE = 1 << 22  # weights of all tasks at a time; as float64 they take several times the memory


def plain_sums(
    task_vectors: TaskVectors,
    bounds: Sequence[tuple[int, int]],
    cut: Trim | None,
    sign_seed: int | None,
    check: Callable[[], None],
) -> Tally:
    """Sum up every segment.

    Args:
        task_vectors: On any device.
        bounds: Columns of each segment, [start, stop).
        cut: Trims the task vectors first.
        sign_seed: Seed of random signs; None keeps the signs.
        check: Called often; raises to stop.
    """
    theta_0, deltas = task_vectors.theta_0, task_vectors.deltas
    device = deltas.device if deltas.device.type == "cuda" else torch.device("cpu")  # MPS has no float64
    here = None if cut is None else Trim(cut.threshold.to(device), cut.last_tie.to(device))
    nothing = _sums(theta_0[:0].to(device), deltas[:, :0].to(device))
    totals = {name: value.new_zeros((len(bounds), *value.shape)) for name, value in nothing.items()}
    for segment, start, stop in _chunks(bounds, len(deltas)):
        check()
        updates = deltas[:, start:stop].to(device)
        if here is not None:
            updates = trim(updates, here, start=start)
        if sign_seed is not None:
            updates = redrawn(updates, sign_seed, start=start)
        for name, value in _sums(theta_0[start:stop].to(device), updates).items():
            total = totals[name][segment]
            torch.maximum(total, value, out=total) if name == "max" else total.add_(value)
    return Tally(**{name: total.cpu().numpy() for name, total in totals.items()})


def _chunks(bounds: Sequence[tuple[int, int]], n_tasks: int) -> Iterator[tuple[int, int, int]]:
    size = max(1, _AT_ONCE // n_tasks)
    for segment, (first, last) in enumerate(bounds):
        for start in range(first, last, size):
            yield segment, start, min(start + size, last)


def _sums(theta_0: Tensor, deltas: Tensor) -> dict[str, Tensor]:
    """Every sum over some columns, named as the fields of `Tally`, without the leading axis."""
    n_tasks = len(deltas)
    wide, magnitude = deltas.double(), deltas.abs().double()
    up, down = (deltas > 0).double(), (deltas < 0).double()
    n_up, n_down = up.sum(dim=0), down.sum(dim=0)
    movers = (n_up + n_down).long()
    one_sign = (n_up == 0) != (n_down == 0)
    total = weighted_sum(deltas, deltas.new_ones(n_tasks))
    opposed = (deltas != 0) & (deltas.sign() == -total.sign())
    return {
        "base_l2_squared": theta_0.double().square().sum(),
        "l1": magnitude.sum(dim=1),
        "max": magnitude.amax(dim=1) if deltas.shape[1] else magnitude.sum(dim=1),
        "zeros": (deltas == 0).sum(dim=1),
        "gram": wide @ wide.T,
        "absolute_gram": magnitude @ magnitude.T,
        "squared_gram": magnitude.square() @ magnitude.square().T,
        "agree": (up @ up.T + down @ down.T).long(),
        "conflict": (up @ down.T + down @ up.T).long(),
        "moved_by": torch.bincount(movers, minlength=n_tasks + 1),
        "unanimous": torch.bincount(movers[one_sign], minlength=n_tasks + 1),
        "sum_l1": total.double().abs().sum(),
        "sum_l2_squared": total.double().square().sum(),
        "outvoted_l1": torch.where(opposed, magnitude, 0.0).sum(dim=1),
        "histogram": torch.stack([_histogram(tau_t) for tau_t in deltas]),
    }


def _histogram(tau_t: Tensor) -> Tensor:
    moved = tau_t[tau_t != 0].abs().contiguous()
    # The exponent and the first bit behind the point: half a power of two.
    halves = (moved.view(torch.int32) >> 22).long() - 2 * (127 + LOWEST)
    return torch.bincount(halves.clamp(0, BINS - 1), minlength=BINS)
