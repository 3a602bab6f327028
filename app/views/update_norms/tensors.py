"""The tensors of a layer, from the one that changed most relative to its base."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

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
    """Update of one tensor: a parameter, or the third of it that makes queries, keys or values."""

    segment: Segment
    shape: tuple[int, ...]
    n: int
    """Weights."""
    relative: float | None
    """‖τ‖₂ / ‖θ_0‖₂; None where the base is too small to compare with."""
    rms: float
    """Root of the mean square update, weight units."""
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
    """The tensors of a layer and a component: changed most relative to their base first, tiny bases last.

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
    """A tensor's name without the layer in front, and with its part where it is packed.

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


def tensor_label(one: MovedTensor, *, with_layer: bool) -> str:
    """A tensor in a list; with its layer unless one layer is chosen."""
    name, layer = tensor_name(one.segment), one.segment.layer
    return f"{layer} · {name}" if with_layer and layer is not None else name


def tensor_in_focus(tensors: Sequence[MovedTensor], word: str | None) -> MovedTensor | None:
    """The tensor of a word, or else the first that has a spectrum, or the first; None without tensors."""
    matrices = [one for one in tensors if one.matrix is not None]
    return next((one for one in tensors if one.word == word), next(iter([*matrices, *tensors]), None))


def task_that_changed_most(statistics: Statistics, segment: Segment) -> str:
    """The task with the largest update of one tensor."""
    index = statistics.segments.index(segment)
    return statistics.tasks[int(np.argmax(l2_squared(statistics)[index]))]


def tensors_takeaway(tensors: Sequence[MovedTensor], where: str, task: str | None) -> str:
    """The tensor that changed most relative to its base, and its part of the layer's update.

    Args:
        tensors: As `moved_tensors` lists them.
        where: Names the weights, such as "block 3".
        task: Whose updates; None for the average task.
    """
    if not any(one.share for one in tensors):
        whose = "The average task" if task is None else f"'{task}'"
        return f"{whose} changes nothing in {where}."
    largest = max(tensors, key=lambda one: one.share)
    first = tensors[0]
    if first.relative is None:
        return f"Every tensor of {where} started at almost 0: none can be compared with its base."
    among = list(dict.fromkeys(one.segment.place for one in tensors))
    name = tensor_name if len(among) == 1 else partial(tensor_phrase, among=among)
    change = (
        f"In {where}, {name(first.segment)} changes most relative to its base, by {percent(first.relative)}"
    )
    if first is largest:
        return f"{change}, and makes up {percent(first.share)} of the squared update."
    return (
        f"{change}, but makes up {percent(first.share)} of the squared update; "
        f"{name(largest.segment)} makes up {percent(largest.share)}."
    )


def tensor_cells(one: MovedTensor, *, with_layer: bool) -> dict[str, Any]:
    """A tensor as a row on screen; shares in percent."""
    return {
        "tensor": tensor_label(one, with_layer=with_layer),
        "relative": None if one.relative is None else 100 * one.relative,
        "share": 100 * one.share,
        "rms": one.rms,
        "n": one.n,
        "base": one.base_rms,
    }


def tensor_row(one: MovedTensor) -> dict[str, Any]:
    """A tensor as a row of the CSV; shares 0 … 1."""
    return {
        "parameter": one.segment.parameter,
        "layer": one.segment.place.label,
        "component": one.segment.component,
        "n": one.n,
        "relative": one.relative,
        "rms": one.rms,
        "base_rms": one.base_rms,
        "share": one.share,
    }


def _shape(layout: Layout, segment: Segment) -> tuple[int, ...]:
    shape = layout.by_name[segment.parameter].shape
    row = math.prod(shape[1:])
    return (segment.n_weights // row, *shape[1:]) if shape and row else shape
