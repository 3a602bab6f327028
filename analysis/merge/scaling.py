"""Scales of the multi-task vector: one λ, LiNeS, or any curve over the layers.

Source of LiNeS: Wang et al., ICLR 2025, arXiv:2410.17146.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.errors import MismatchError


@dataclass(frozen=True, slots=True)
class Constant:
    """The same λ for every weight."""

    scaling: float


@dataclass(frozen=True, slots=True)
class Lines:
    """Layer-wise linear scaling, α + β · l / (L − 1); α outside the blocks."""

    alpha: float | None = None
    """α, the factor of the first block and of everything outside; None asks for the paper's rule."""
    beta: float = 0.5
    """What the last block gets on top of α."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Any factor for each layer."""

    outside: float
    blocks: tuple[float, ...]
    """One factor per residual block, from the input, (L,)."""


Scale = Constant | Lines | Curve


@dataclass(frozen=True, slots=True)
class LayerFactors:
    """The factor of every layer, all numbers known."""

    outside: float
    """Factor of the parameters outside the residual blocks."""
    blocks: Mapping[str, tuple[float, ...]]
    """For each tower, one factor per block, (L,)."""

    def of(self, tower: str, layer: int | None) -> float:
        """Factor of one layer."""
        return self.outside if layer is None else self.blocks[tower][layer]


def layer_factors(scale: Scale, depths: Mapping[str, int], *, auto_alpha: float | None) -> LayerFactors:
    """Turn a scale into one factor per layer.

    A tower of a single block gets α there, where l / (L − 1) is undefined: unlike the authors' code,
    which divides by zero.

    Args:
        scale: What the recipe asks for.
        depths: L of each tower that has blocks.
        auto_alpha: α by the paper's rule, needed when `scale` leaves α open.

    Raises:
        MismatchError: A curve has another number of blocks than a tower.

    >>> layer_factors(Lines(0.5, 1.0), {"visual": 3}, auto_alpha=None).blocks
    {'visual': (0.5, 1.0, 1.5)}
    """
    if isinstance(scale, Constant):
        return LayerFactors(
            scale.scaling, {tower: (scale.scaling,) * depth for tower, depth in depths.items()}
        )
    if isinstance(scale, Curve):
        for tower, depth in depths.items():
            if depth != len(scale.blocks):
                raise MismatchError(
                    f"The curve has {len(scale.blocks)} blocks, the {tower} tower has {depth}. "
                    "Give one factor per block."
                )
        return LayerFactors(scale.outside, dict.fromkeys(depths, scale.blocks))
    alpha = auto_alpha if scale.alpha is None else scale.alpha
    if alpha is None:
        raise MismatchError("LiNeS needs α; the recipe leaves it open and no rule value was given.")
    return LayerFactors(
        alpha,
        {
            tower: tuple(alpha + scale.beta * layer / max(depth - 1, 1) for layer in range(depth))
            for tower, depth in depths.items()
        },
    )
