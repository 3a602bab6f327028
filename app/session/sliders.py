"""The numbers of a recipe that a hand can move: one description for forms, strips and bulk changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis.merge.params import Param
from analysis.merge.recipe import Recipe
from analysis.merge.registry import merge_method_named
from analysis.merge.scaling import Constant, Curve, Lines, Scale

WEIGHT = "weight"
PARAM = "param"
BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Slider:
    """One number of a recipe and how far it may be dragged."""

    key: str
    """`scaling`, `alpha`, `beta`, `outside`, `block:3`, `weight:digits` or `param:density`."""
    label: str
    low: float
    high: float
    step: float
    usual: tuple[float, float]
    """Where a response strip looks, unless the slider stands outside."""
    meaning: str

    def around(self, value: float) -> "Slider":
        """The slider widened to a value that a recipe file gave beyond its ends."""
        return replace(self, low=min(self.low, value), high=max(self.high, value))


def scale_sliders(recipe: Recipe) -> tuple[Slider, ...]:
    """Sliders of the scale the recipe has."""
    if isinstance(recipe.scale, Constant):
        return (_SCALING,)
    if isinstance(recipe.scale, Lines):
        return (_ALPHA, _BETA)
    blocks = range(len(recipe.scale.blocks))
    return (
        _OUTSIDE,
        *(replace(_OUTSIDE, key=f"{BLOCK}:{block}", label=f"block {block}") for block in blocks),
    )


def weight_sliders(tasks: Sequence[str]) -> tuple[Slider, ...]:
    """One slider a task."""
    return tuple(
        Slider(f"{WEIGHT}:{task}", task, -1.0, 2.0, 0.05, (0.0, 2.0), "0 leaves the task out, < 0 negates it")
        for task in tasks
    )


def param_sliders(method: str) -> tuple[Slider, ...]:
    """Sliders of the method's own numbers."""
    return tuple(
        Slider(f"{PARAM}:{name}", name, one.low, one.high, one.step, (one.low, one.high), one.meaning)
        for name, one in merge_method_named(method).settings.items()
        if isinstance(one, Param)
    )


def all_sliders(recipe: Recipe) -> dict[str, Slider]:
    """Every slider of a recipe by key."""
    every = (*scale_sliders(recipe), *param_sliders(recipe.method), *weight_sliders(tuple(recipe.weights)))
    return {slider.key: slider for slider in every}


def value_of(recipe: Recipe, key: str) -> float | None:
    """The number a slider stands at; None for an α that LiNeS finds by itself."""
    kind, _, name = key.partition(":")
    if kind == WEIGHT:
        return recipe.weights[name]
    if kind == PARAM:
        number: float = getattr(recipe.params, name)
        return number
    if isinstance(recipe.scale, Curve) and kind == BLOCK:
        return recipe.scale.blocks[int(name)]
    found: float | None = getattr(recipe.scale, key)
    return found


def moved(recipe: Recipe, key: str, value: float) -> Recipe:
    """The recipe with one number changed, rounded so that equal positions give equal recipes."""
    value = round(value, 4)
    kind, _, name = key.partition(":")
    if kind == WEIGHT:
        return replace(recipe, weights={**recipe.weights, name: value})
    if kind == PARAM:
        return replace(recipe, params=replace(recipe.params, **{name: value}))
    return replace(recipe, scale=_moved_scale(recipe.scale, kind, name, value))


def _moved_scale(scale: Scale, kind: str, name: str, value: float) -> Scale:
    if isinstance(scale, Constant):
        return Constant(value)
    if isinstance(scale, Lines):
        return replace(scale, alpha=value) if kind == "alpha" else replace(scale, beta=value)
    if kind == BLOCK:
        block = int(name)
        return replace(scale, blocks=(*scale.blocks[:block], value, *scale.blocks[block + 1 :]))
    return replace(scale, outside=value)


_SCALING = Slider("scaling", "λ", -1.0, 3.0, 0.01, (0.0, 1.2), "how far the merged update is applied")
_ALPHA = Slider("alpha", "α", -1.0, 3.0, 0.01, (0.0, 1.0), "factor of the first block and outside the blocks")
_BETA = Slider("beta", "β", -1.0, 4.0, 0.01, (0.0, 1.6), "what the last block gets on top of α")
_OUTSIDE = Slider("outside", "outside", -1.0, 3.0, 0.01, (0.0, 1.2), "factor outside the blocks")
