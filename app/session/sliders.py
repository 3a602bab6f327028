"""Sliders of a recipe: their ranges, the number each stands at, and the recipe after one is moved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.merge.params import Param
from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import Constant, Curve, Lines, Scale
from app.session.slider_key import (
    ALPHA,
    BETA,
    OUTSIDE,
    SCALING,
    SliderKey,
    SliderKind,
    block_key,
    param_key,
    weight_key,
)


@dataclass(frozen=True, slots=True)
class Slider:
    """One number of a recipe and how far it may be dragged."""

    key: SliderKey
    label: str
    low: float
    high: float
    """Ends of what may be typed, and of what it is widened to."""
    step: float
    usual: tuple[float, float]
    """Where a response strip looks, unless the slider stands outside."""
    meaning: str
    useful: tuple[float, float] | None = None
    """Ends of the slider while its number lies within, so that a pixel is a small step."""

    def around(self, value: float) -> "Slider":
        """The slider widened to a value that a recipe file gave beyond its ends."""
        return replace(self, low=min(self.low, value), high=max(self.high, value))

    @property
    def shown(self) -> tuple[float, float]:
        """Ends of the slider at first."""
        return self.useful or (self.low, self.high)


def scale_sliders(recipe: Recipe) -> tuple[Slider, ...]:
    """Sliders of the scale the recipe has."""
    if isinstance(recipe.scale, Constant):
        return (_SCALING,)
    if isinstance(recipe.scale, Lines):
        return (_ALPHA, _BETA)
    blocks = range(len(recipe.scale.blocks))
    return (
        _OUTSIDE,
        *(replace(_OUTSIDE, key=block_key(block), label=f"block {block}") for block in blocks),
    )


def weight_sliders(tasks: Sequence[str]) -> tuple[Slider, ...]:
    """One slider per task."""
    return tuple(
        Slider(weight_key(task), task, -1.0, 2.0, 0.05, (0.0, 2.0), _OF_WEIGHTS, (0.0, 2.0)) for task in tasks
    )


def param_sliders(method: str) -> tuple[Slider, ...]:
    """Sliders of the method's own numbers."""
    return tuple(
        Slider(param_key(name), name, one.low, one.high, one.step, (one.low, one.high), one.meaning)
        for name, one in merge_method_named(method).settings.items()
        if isinstance(one, Param)
    )


def all_sliders(recipe: Recipe) -> dict[SliderKey, Slider]:
    """Every slider of a recipe by key."""
    every = (*scale_sliders(recipe), *param_sliders(recipe.method), *weight_sliders(tuple(recipe.weights)))
    return {slider.key: slider for slider in every}


def value_of(recipe: Recipe, key: SliderKey) -> float | None:
    """The number a slider stands at; None for an α that LiNeS finds by itself."""
    if key.kind is SliderKind.WEIGHT:
        return recipe.weights[key.name]
    if key.kind is SliderKind.PARAM:
        number: float = getattr(recipe.params, key.name)
        return number
    if isinstance(recipe.scale, Curve) and key.kind is SliderKind.BLOCK:
        return recipe.scale.blocks[int(key.name)]
    found: float | None = getattr(recipe.scale, key.kind)
    return found


def moved(recipe: Recipe, key: SliderKey, value: float) -> Recipe:
    """The recipe with one number changed, rounded so that equal positions give equal recipes."""
    value = round(value, 4)
    if key.kind is SliderKind.WEIGHT:
        return replace(recipe, weights={**recipe.weights, key.name: value})
    if key.kind is SliderKind.PARAM:
        return replace(recipe, params=replace(recipe.params, **{key.name: value}))
    return replace(recipe, scale=_moved_scale(recipe.scale, key, value))


def _moved_scale(scale: Scale, key: SliderKey, value: float) -> Scale:
    if isinstance(scale, Constant):
        return Constant(value)
    if isinstance(scale, Lines):
        return replace(scale, alpha=value) if key == ALPHA else replace(scale, beta=value)
    if key.kind is SliderKind.BLOCK:
        block = int(key.name)
        return replace(scale, blocks=(*scale.blocks[:block], value, *scale.blocks[block + 1 :]))
    return replace(scale, outside=value)


_OF_WEIGHTS = "0 leaves the task out, < 0 negates it"
_USEFUL = (0.0, 1.5)
_SCALING = Slider(SCALING, "λ", -1.0, 3.0, 0.01, (0.0, 1.2), "how far the merged update is applied", _USEFUL)
_ALPHA = Slider(
    ALPHA, "α", -1.0, 3.0, 0.01, (0.0, 1.0), "factor of the first block, and outside the blocks", _USEFUL
)
_BETA = Slider(BETA, "β", -1.0, 4.0, 0.01, (0.0, 1.6), "what the last block gets on top of α", (0.0, 2.0))
_OUTSIDE = Slider(OUTSIDE, "outside", -1.0, 3.0, 0.01, (0.0, 1.2), "factor outside the blocks", _USEFUL)
