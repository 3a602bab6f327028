"""Layout of a model's float weights in one flat vector."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from torch import Tensor

from analysis.model.names import name_parts

Ranges = tuple[tuple[int, int], ...]
"""Columns of the flat matrix as half-open [start, stop) pairs, ascending and disjoint."""

_CHUNK = 1 << 18


@dataclass(frozen=True, slots=True)
class Parameter:
    """One named tensor and its place in the flat vector."""

    name: str
    shape: tuple[int, ...]
    start: int
    stop: int
    tower: str
    """`visual`, `text`, `encoder`, `decoder` or `model`."""
    layer: int | None
    """Residual block, 0 … L−1 counted from the input within its tower; None outside the blocks."""
    component: str
    """attn_qkv, attn_out, mlp_in, mlp_out, norm, embedding, head or other."""

    @property
    def n_weights(self) -> int:
        """Number of scalars."""
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring columns that share a tower and a layer, so that one scale covers them."""

    start: int
    stop: int
    tower: str
    layer: int | None


@dataclass(frozen=True)
class Layout:
    """Every float parameter of a model, in the base checkpoint's own order."""

    parameters: tuple[Parameter, ...]

    @classmethod
    def from_shapes(cls, shapes: Mapping[str, tuple[int, ...]]) -> "Layout":
        """Lay the named shapes out one after another.

        >>> layout = Layout.from_shapes({"conv1.weight": (2, 3), "blocks.0.fc1.weight": (4,)})
        >>> [(p.start, p.stop, p.layer) for p in layout.parameters]
        [(0, 6, None), (6, 10, 0)]
        """
        parts = {name: name_parts(name) for name in shapes}
        # open_clip keeps the text tower's names bare beside `visual.…`.
        two_towers = any(part.tower == "visual" for part in parts.values())
        # An encoder without a decoder is the whole model, its embeddings and its head included.
        is_whole = {part.tower for part in parts.values()} <= {"encoder", "model"}
        towers = {
            name: "text" if two_towers and part.tower == "model" else "model" if is_whole else part.tower
            for name, part in parts.items()
        }
        depth = _depths(
            (towers[name], part.stage, part.block) for name, part in parts.items() if part.block is not None
        )
        parameters, start = [], 0
        for name, shape in shapes.items():
            part, tower, stop = parts[name], towers[name], start + math.prod(shape)
            layer = None if part.block is None else depth[tower, part.stage, part.block]
            parameters.append(Parameter(name, tuple(shape), start, stop, tower, layer, part.component))
            start = stop
        return cls(tuple(parameters))

    @cached_property
    def n_weights(self) -> int:
        """P, the number of float scalars in the model."""
        return self.parameters[-1].stop if self.parameters else 0

    @cached_property
    def by_name(self) -> Mapping[str, Parameter]:
        """Parameters keyed by name."""
        return {parameter.name: parameter for parameter in self.parameters}

    @cached_property
    def depths(self) -> Mapping[str, int]:
        """L of each tower that has residual blocks."""
        depths: dict[str, int] = {}
        for parameter in self.parameters:
            if parameter.layer is not None:
                depths[parameter.tower] = max(depths.get(parameter.tower, 0), parameter.layer + 1)
        return depths

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The fewest stretches that cover all columns."""
        grouped = groupby(self.parameters, key=lambda parameter: (parameter.tower, parameter.layer))
        stretches = []
        for (tower, layer), group in grouped:
            members = list(group)
            stretches.append(Stretch(members[0].start, members[-1].stop, tower, layer))
        return tuple(stretches)

    def view(self, flat: Tensor, name: str) -> Tensor:
        """One parameter of a flat vector, (P,) -> (*shape), sharing its memory."""
        parameter = self.by_name[name]
        return flat[parameter.start : parameter.stop].view(parameter.shape)


def _depths(positions: Iterable[tuple[str, int, int]]) -> dict[tuple[str, int, int], int]:
    """Number the blocks of each tower from its input.

    A plain stack keeps its own numbers, so that a partial checkpoint is not renumbered; the stages
    of a ResNet follow one another.
    """
    found = sorted(set(positions))
    depth = {}
    for tower, group in groupby(found, key=lambda position: position[0]):
        members = list(group)
        staged = any(stage > 0 for _, stage, _ in members)
        for rank, position in enumerate(members):
            depth[tower, position[1], position[2]] = rank if staged else position[2]
    return depth


def intersect(ranges: Ranges, start: int, stop: int) -> Ranges:
    """The part of ascending ranges that lies in [start, stop).

    >>> intersect(((0, 4), (6, 9)), 2, 8)
    ((2, 4), (6, 8))
    """
    return tuple(
        (max(low, start), min(high, stop)) for low, high in ranges if max(low, start) < min(high, stop)
    )


def chunks(start: int, stop: int, *, size: int = _CHUNK) -> Iterator[tuple[int, int]]:
    """Columns [start, stop) in pieces of at most `size`, so that a caller can be stopped between them."""
    for at in range(start, stop, size):
        yield at, min(at + size, stop)
