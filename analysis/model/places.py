"""Places, the rows of every chart by layer: what lies before the blocks, each block, what lies behind."""

import re
from dataclasses import dataclass

from analysis.model.layout import Layout, Parameter

_FIRST_NORM = re.compile(r"(?:^|\.)(?:ln_pre|pre_?layr?norm|norm_pre)(?:\.|$)")
_BEFORE = ("stem", "ln_pre")
_BEHIND = ("ln_post", "proj", "other")


@dataclass(frozen=True, slots=True)
class Place:
    """A residual block, or one of the few groups of weights outside the blocks."""

    tower: str
    layer: int | None
    """Residual block, 0 … L−1; None outside."""
    name: str
    """`stem`, `ln_pre`, `ln_post`, `proj` or `other`; the block's number as text inside."""

    @property
    def key(self) -> str:
        """Its word in addresses, unique in a model: `visual:3`."""
        return f"{self.tower}:{self.name}"

    @property
    def label(self) -> str:
        """What a chart of one tower calls it."""
        return self.name


def place_of(parameter: Parameter) -> Place:
    """Where a parameter stands.

    Outside the blocks the component decides: embeddings are the stem, heads the projection; a norm is
    the one before the blocks when its name shows it, else the one behind them.
    """
    if parameter.layer is not None:
        return Place(parameter.tower, parameter.layer, str(parameter.layer))
    if parameter.component == "norm":
        name = "ln_pre" if _FIRST_NORM.search(parameter.name) else "ln_post"
    else:
        name = {"embedding": "stem", "head": "proj"}.get(parameter.component, "other")
    return Place(parameter.tower, None, name)


def places(layout: Layout) -> tuple[Place, ...]:
    """Every place that holds weights, tower by tower in the base's order, from input to output.

    >>> layout = Layout.from_shapes({"proj": (4,), "conv1.weight": (2,), "blocks.0.fc1.weight": (4,)})
    >>> [place.name for place in places(layout)]
    ['stem', '0', 'proj']
    """
    towers = list(dict.fromkeys(parameter.tower for parameter in layout.parameters))
    found = {place_of(parameter) for parameter in layout.parameters if parameter.n_weights}
    return tuple(sorted(found, key=lambda place: (towers.index(place.tower), *_depth(place))))


def _depth(place: Place) -> tuple[int, int]:
    if place.layer is not None:
        return 1, place.layer
    return (0, _BEFORE.index(place.name)) if place.name in _BEFORE else (2, _BEHIND.index(place.name))
