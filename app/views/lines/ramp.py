"""The ramp of LiNeS over the size of each layer's update, before and after scaling."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from analysis.merge.scaling import LayerFactors
from app.session.layer_scaling import OUTSIDE
from app.views.lines.profile import LayerProfile
from app.views.lines.scales import equal_size
from app.words.numbers import Rows, percent


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the chart: everything outside the blocks, or one block."""

    name: str
    factor: float
    before: float
    """‖τ_MTL‖₂ there, weight units."""
    after: float
    """‖s · τ_MTL‖₂ there, weight units."""


def columns(profile: LayerProfile, factors: LayerFactors) -> list[Column]:
    """The outside first, then the blocks from the input, tower by tower; those out of scope are empty."""
    sums = dict.fromkeys([(tower, layer) for tower, n in profile.depths.items() for layer in range(n)], 0.0)
    outside = 0.0
    for place, square in zip(profile.places, profile.squares, strict=True):
        if place.layer is None:
            outside += square
        else:
            sums[place.tower, place.layer] += square
    found = [(OUTSIDE, factors.outside, outside)] + [
        (
            str(layer) if len(profile.depths) == 1 else f"{tower} {layer}",
            factors.of(tower, layer),
            square,
        )
        for (tower, layer), square in sums.items()
    ]
    return [Column(name, factor, sqrt(square), abs(factor) * sqrt(square)) for name, factor, square in found]


def ramp_rows(found: Sequence[Column]) -> Rows:
    """The columns as a table."""
    return [
        {"layer": one.name, "factor": one.factor, "before": one.before, "after": one.after} for one in found
    ]


def ramp_takeaway(profile: LayerProfile, factors: LayerFactors) -> str:
    """The ramp's ends, the share of the deeper half before and after it, and the size as a whole."""
    if not profile.depths:
        return "These models have no residual blocks: all weights get the same factor."
    deep = [
        place.layer is not None and 2 * place.layer >= profile.depths[place.tower] for place in profile.places
    ]
    after = [
        factors.of(place.tower, place.layer) ** 2 * square
        for place, square in zip(profile.places, profile.squares, strict=True)
    ]
    if not sum(profile.squares) or not sum(after):
        return "There is no update to scale: its size is 0."
    before_share, after_share = (
        sum(one for one, is_deep in zip(squares, deep, strict=True) if is_deep) / sum(squares)
        for squares in (profile.squares, after)
    )
    blocks = next(iter(factors.blocks.values()))
    first, last = f"{blocks[0]:.3g}", f"{blocks[-1]:.3g}"
    ramp = (
        f"Every block gets the factor {first}."
        if first == last
        else f"The factor goes from {first} in the first block to {last} in the last."
    )
    return (
        f"{ramp} The deeper half of the blocks holds {percent(before_share)} of ‖τ‖² before scaling and "
        f"{percent(after_share)} after; the scaled update is as large as under a constant λ of "
        f"{equal_size(profile, factors):.3g}."
    )
