"""Knock-outs: weights taken out of the multi-task vector by how many masks keep them, and fair controls.

A few weights can carry half of ‖τ_MTL‖², so what removing them costs is compared with
removing as many weights of the same tensors and sizes, drawn at random.
"""

from collections.abc import Callable
from enum import StrEnum

import torch
from torch import Tensor

from analysis.model.layout import Ranges
from analysis.weights.redraw import sign_words

N_BINS = 20
"""Quantiles of |τ_MTL| within a segment that a control matches."""

_SAMPLE = 1 << 16
"""Weights a segment's quantiles are read from; its largest bin is off by well under a percent."""


class Removal(StrEnum):
    """Which weights are set back to the base."""

    SELFISH = "selfish"
    """Kept by one mask."""
    CATASTROPHIC = "catastrophic"
    """Kept by none."""
    BOTH = "both"
    """Kept by none or one."""


def removed(bits: Tensor, tau_mtl: Tensor, removal: Removal) -> Tensor:
    """Weights that a removal takes away, bool (n,); where τ_MTL is 0 there is nothing to take.

    Args:
        bits: Masks of all tasks, one integer per weight, (n,): bit t is task t's.
        tau_mtl: Multi-task vector, (n,), weight units.
        removal: Which.

    >>> removed(torch.tensor([0, 2, 3, 0]), torch.tensor([1.0, 1.0, 1.0, 0.0]), Removal.BOTH).tolist()
    [True, True, False, False]
    """
    none = bits == 0
    one = ~none & ((bits & (bits - 1)) == 0)
    chosen = {Removal.SELFISH: one, Removal.CATASTROPHIC: none, Removal.BOTH: none | one}[removal]
    return chosen & (tau_mtl != 0)


def matched(chosen: Tensor, tau_mtl: Tensor, *, seed: int, start: int = 0) -> Tensor:
    """As many weights drawn at random from all of a segment, the same number in every bin of |τ_MTL|.

    The chosen ones may be drawn again: under the null they are any weights of their sizes.

    Args:
        chosen: Weights to be matched, bool, (n,), none where τ_MTL is 0.
        tau_mtl: Multi-task vector of the segment, (n,), weight units.
        seed: The same draws the same weights, on every device.
        start: Column of the flat matrix where the segment begins; segments draw apart.
    """
    columns, bins = _bins(tau_mtl)
    sizes, wanted = _per_bin(bins), _per_bin(bins[chosen[columns]])
    # Hashed: of a seed torch's generator reads 32 bits, and small ones side by side start alike.
    generator = torch.Generator().manual_seed(int(sign_words(torch.tensor(start), seed)))
    lots = torch.rand(len(bins), generator=generator, dtype=torch.float64).to(bins.device)
    order = (bins + lots).argsort()  # bin by bin, at random within each
    bins = bins[order]
    place = torch.arange(len(bins), device=bins.device) - (sizes.cumsum(0) - sizes)[bins]
    drawn = torch.zeros_like(chosen)
    drawn[columns[order[place < wanted[bins]]]] = True
    return drawn


def expected_overlap(chosen: Tensor, tau_mtl: Tensor) -> float:
    """How many of the chosen weights `matched` draws again on average, in weights.

    A bin of n weights of which c are chosen gives c²/n.
    """
    columns, bins = _bins(tau_mtl)
    sizes, wanted = _per_bin(bins), _per_bin(bins[chosen[columns]])
    return float((wanted.double().square() / sizes.clamp(min=1)).sum())


def write_without(
    tau_mtl: Tensor,
    bits: Tensor,
    bounds: Ranges,
    removal: Removal,
    *,
    draw: int | None = None,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Set weights of the multi-task vector to 0, in place.

    Args:
        tau_mtl: (P,), weight units.
        bits: Masks of all tasks, one integer per weight, (P,).
        bounds: Columns of each segment in scope.
        removal: Which weights.
        draw: Seed of a control that takes matched random weights instead; None takes the weights themselves.
        check: Called before every segment; raises to stop.
    """
    for start, stop in bounds:
        check()
        update = tau_mtl[start:stop]
        gone = removed(bits[start:stop], update, removal)
        if draw is not None:
            gone = matched(gone, update, seed=draw, start=start)
        update[gone] = 0.0


def _bins(tau_mtl: Tensor) -> tuple[Tensor, Tensor]:
    """Columns of the weights that are not 0, and the quantile of |τ_MTL| each lies in, int64 (n,)."""
    columns = tau_mtl.nonzero().flatten()
    size = tau_mtl[columns].abs()
    sample = size[:: max(1, -(-len(size) // _SAMPLE))].sort().values
    at = torch.arange(1, N_BINS, device=size.device) * len(sample) // N_BINS
    edges = sample[at] if len(sample) else sample
    return columns, torch.bucketize(size, edges, right=True)


def _per_bin(bins: Tensor) -> Tensor:
    return torch.bincount(bins, minlength=N_BINS)
