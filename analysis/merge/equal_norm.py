"""One factor for all layers that makes an update as large as a factor for each does."""

from collections.abc import Sequence
from math import copysign, sqrt


def equal_norm_scaling(squares: Sequence[float], factors: Sequence[float]) -> float:
    """The constant λ with ‖λ τ‖₂ = ‖s ⊙ τ‖₂, pointing the same way.

    It has the sign of ⟨s ⊙ τ, τ⟩: a ramp that subtracts more than it adds is compared with a constant that
    subtracts.

    Args:
        squares: Σ τ² of each layer, (G,), ≥ 0.
        factors: s of each layer, (G,), unitless.

    Returns:
        λ, unitless; 0 for an update of nothing.

    >>> equal_norm_scaling([9.0, 16.0], [1.0, 0.0])
    0.6
    """
    whole = sum(squares)
    if whole == 0:
        return 0.0
    size = sqrt(sum(factor**2 * square for factor, square in zip(factors, squares, strict=True)) / whole)
    along = sum(factor * square for factor, square in zip(factors, squares, strict=True))
    return copysign(size, along)
