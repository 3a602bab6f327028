"""Bits that masks save on disk, by the paper's count.

Source: Wang et al., Localizing task information, ICML 2024, arXiv:2405.07813.
"""

from dataclasses import dataclass

_FLOAT = 32


@dataclass(frozen=True, slots=True)
class Storage:
    """Bits that each way of keeping T models takes."""

    individual: int
    """Every fine-tuned model whole; frozen weights once."""
    one_merged: int
    """A single merged model, whatever it scores."""
    masks: int
    """Base, multi-task vector and one bit per weight and task."""


def storage(n_tasks: int, n_tuned: int, n_frozen: int) -> Storage:
    """Count bits of float32 weights: 32(TP + F), 32(P + F) and (64 + T)P + 32F.

    Args:
        n_tasks: T.
        n_tuned: P, weights that fine-tuning may change.
        n_frozen: F, weights that stay the base's.

    >>> bits = storage(20, 87_849_216, 25_599_489)
    >>> f"{bits.individual / 1e9:.1f} Gb, {bits.masks / 1e9:.1f} Gb"
    '57.0 Gb, 8.2 Gb'
    """
    frozen = _FLOAT * n_frozen
    return Storage(
        individual=_FLOAT * n_tasks * n_tuned + frozen,
        one_merged=_FLOAT * n_tuned + frozen,
        masks=(2 * _FLOAT + n_tasks) * n_tuned + frozen,
    )
