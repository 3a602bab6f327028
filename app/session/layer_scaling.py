"""A recipe in which chosen layers are scaled otherwise, and all others as before."""

from collections.abc import Iterable
from dataclasses import replace

from analysis.merge.recipe import Recipe
from analysis.merge.scaling import Curve, LayerFactors
from analysis.model.places import Place

OUTSIDE = "outside"
"""Word of everything outside the blocks: a curve has one factor for it."""


def layer_words(factors: LayerFactors) -> tuple[str, ...]:
    """The layers a curve can scale: `outside`, then the blocks by number."""
    return (OUTSIDE, *(str(layer) for layer in range(len(_blocks(factors)))))


def layer_word(place: Place) -> str:
    """The layer of a curve that a row of a chart belongs to."""
    return OUTSIDE if place.layer is None else str(place.layer)


def why_no_curve(factors: LayerFactors | None) -> str | None:
    """Why single layers cannot be scaled, in one sentence; None where they can."""
    if factors is None:
        return (
            "The Merge lab's recipe leaves α to the paper's rule, and its value is not known yet. Open the "
            "Merge lab, which measures it."
        )
    if not factors.blocks:
        return "These models have no residual blocks to scale one by one."
    if len(set(factors.blocks.values())) > 1:
        return "The towers have different factors or depths; one curve cannot hold both."
    return None


def present_factor(factors: LayerFactors, layers: Iterable[str]) -> float:
    """Mean factor of some layers, by their words; 1 for none."""
    now = [factors.outside if word == OUTSIDE else _blocks(factors)[int(word)] for word in layers]
    return sum(now) / len(now) if now else 1.0


def with_layers_scaled(recipe: Recipe, factors: LayerFactors, layers: Iterable[str], factor: float) -> Recipe:
    """The recipe with its present factors as a curve, some layers' factors replaced.

    Args:
        recipe: What the lab has.
        factors: Its factors; `why_no_curve` gives no reason against them.
        layers: Words of the layers.
        factor: Theirs, unitless.
    """
    chosen = set(layers)
    blocks = tuple(factor if str(layer) in chosen else now for layer, now in enumerate(_blocks(factors)))
    outside = factor if OUTSIDE in chosen else factors.outside
    return replace(recipe, scale=Curve(outside=outside, blocks=blocks))


def _blocks(factors: LayerFactors) -> tuple[float, ...]:
    return next(iter(factors.blocks.values()))
