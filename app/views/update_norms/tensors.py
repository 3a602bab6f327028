"""The tensors of a layer, from the one that moved furthest against its base."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from analysis.model.layout import Layout
from analysis.model.places import Place
from analysis.model.segments import Segment
from analysis.weights.norms import over_tasks
from analysis.weights.statistics import Statistics
from app.views.update_norms.norms import l2_squared, tiny_tensors
from app.words.numbers import percent
from app.words.parts import place_name

_PACKED = re.compile(r"in_proj|qkv")


@dataclass(frozen=True, slots=True)
class MovedTensor:
    """How far one tensor moved: a parameter, or the third of it that makes queries, keys or values."""

    segment: Segment
    shape: tuple[int, ...]
    n: int
    """Weights."""
    relative: float | None
    """‖τ‖₂ / ‖θ_0‖₂; None where the base is too small to compare with."""
    rms: float
    """Root of the mean square move, weight units."""
    base_rms: float
    """Root of the mean square pre-trained weight, weight units."""
    share: float
    """Share of the listed tensors' Σ τ², in [0, 1]."""

    @property
    def word(self) -> str:
        """Its word in addresses."""
        return tensor_word(self.segment)

    @property
    def matrix(self) -> tuple[int, int] | None:
        """Rows and columns of the map it is, later dimensions flattened; None for a vector."""
        if len(self.shape) < 2 or min(self.shape) < 1:
            return None
        return self.shape[0], math.prod(self.shape[1:])


def moved_tensors(
    statistics: Statistics,
    layout: Layout,
    *,
    place: str | None = None,
    component: str | None = None,
    task: str | None = None,
) -> tuple[MovedTensor, ...]:
    """The tensors of a layer and a component, furthest moved against their base first, tiny bases last.

    Args:
        statistics: Of the weights in scope.
        layout: Of the model.
        place: Key of the layer; None for all.
        component: None for all.
        task: Whose updates; None for the root of the mean square over the tasks.
    """
    squares = l2_squared(statistics)
    moved = over_tasks(squares) if task is None else squares[:, statistics.tasks.index(task)]
    tiny, bases = tiny_tensors(statistics), statistics.sums.base_l2_squared
    listed = [
        (index, segment)
        for index, segment in enumerate(statistics.segments)
        if place in (None, segment.place.key) and component in (None, segment.component)
    ]
    total = float(sum(moved[index] for index, _ in listed))
    tensors = [
        MovedTensor(
            segment=segment,
            shape=_shape(layout, segment),
            n=segment.n_weights,
            relative=None if tiny[index] else math.sqrt(moved[index] / bases[index]),
            rms=math.sqrt(moved[index] / segment.n_weights),
            base_rms=math.sqrt(bases[index] / segment.n_weights),
            share=float(moved[index]) / total if total else 0.0,
        )
        for index, segment in listed
    ]
    return tuple(
        sorted(tensors, key=lambda one: -1.0 if one.relative is None else one.relative, reverse=True)
    )


def tensor_word(segment: Segment) -> str:
    """A tensor's word in addresses: the parameter's name, with the part of it where it is packed."""
    return f"{segment.parameter}~{segment.component}"


def tensor_name(segment: Segment) -> str:
    """A tensor's name without what its layer says already, and with its part where it is packed.

    >>> from analysis.model.layout import Layout
    >>> from analysis.model.segments import segments
    >>> layout = Layout.from_shapes({"visual.transformer.resblocks.3.attn.in_proj_weight": (6, 2)})
    >>> [tensor_name(segment) for segment in segments(layout, ((0, 12),))]
    ['attn.in_proj_weight (q)', 'attn.in_proj_weight (k)', 'attn.in_proj_weight (v)']
    """
    name = segment.parameter
    if segment.layer is not None:
        name = re.sub(r"^.*?\.\d+\.", "", name)
    part = segment.component.removeprefix("attn_")
    return f"{name} ({part})" if part in ("q", "k", "v") and _PACKED.search(name) else name


def tensor_phrase(segment: Segment, among: Sequence[Place]) -> str:
    """A tensor inside a sentence, with its layer: "block 3's attn.in_proj_weight (q)"."""
    name = tensor_name(segment)
    return name if segment.layer is None else f"{place_name(segment.place, among)}'s {name}"


def tensors_takeaway(tensors: tuple[MovedTensor, ...], where: str, whose: str) -> str:
    """Which tensor moved furthest against its base, and how much of the layer's update it is.

    Args:
        tensors: As `moved_tensors` lists them.
        where: Names the weights, such as "block 3".
        whose: Names the update, such as "digits".
    """
    if not any(one.share for one in tensors):
        return f"{whose} moves nothing in {where}."
    largest = max(tensors, key=lambda one: one.share)
    first = tensors[0]
    if first.relative is None:
        return f"Every tensor of {where} started at almost 0: none can be compared with its base."
    among = list(dict.fromkeys(one.segment.place for one in tensors))
    name = tensor_name if len(among) == 1 else partial(tensor_phrase, among=among)
    said = f"In {where} {name(first.segment)} moves furthest against its base, {percent(first.relative)}"
    if first is largest:
        return f"{said}, and makes up {percent(first.share)} of the squared update."
    return (
        f"{said}, but makes up {percent(first.share)} of the squared update; "
        f"{name(largest.segment)} makes up {percent(largest.share)}."
    )


def _shape(layout: Layout, segment: Segment) -> tuple[int, ...]:
    shape = layout.by_name[segment.parameter].shape
    row = math.prod(shape[1:])
    return (segment.n_weights // row, *shape[1:]) if shape and row else shape
