"""Segments, which statistics count apart: whole parameters, and each of packed queries, keys and values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.model.layout import Layout, Parameter, Ranges, intersect
from analysis.model.places import Place, place_of

_PACKED = re.compile(r"(?:^|\.)(?:in_proj_weight|in_proj_bias|qkv\.weight|qkv\.bias)$")
_ALONE = re.compile(
    r"(?:^|\.)(?:([qkv])_proj(?:_weight)?|(query|key|value)|\w*attention\.([qkv]))(?:\.|$)", re.I
)


@dataclass(frozen=True, slots=True)
class Segment:
    """Neighbouring columns of one parameter that one row of a chart can speak of."""

    parameter: str
    start: int
    stop: int
    tower: str
    layer: int | None
    """Residual block, 0 … L−1; None outside."""
    component: str
    """The layout's, with attn_qkv split into attn_q, attn_k and attn_v where the name allows."""
    place: Place

    @property
    def n_weights(self) -> int:
        """Number of scalars."""
        return self.stop - self.start


def segments(layout: Layout, ranges: Ranges) -> tuple[Segment, ...]:
    """The segments of every parameter in scope, in the layout's order; empty parameters have none.

    Args:
        layout: Of the model.
        ranges: Columns in scope; they hold whole parameters.

    >>> layout = Layout.from_shapes({"blocks.0.attn.in_proj_weight": (6, 2)})
    >>> [(s.component, s.start, s.stop) for s in segments(layout, ((0, 12),))]
    [('attn_q', 0, 4), ('attn_k', 4, 8), ('attn_v', 8, 12)]
    """
    inside = (p for p in layout.parameters if p.n_weights and intersect(ranges, p.start, p.stop))
    return tuple(segment for parameter in inside for segment in _pieces(parameter))


def _pieces(parameter: Parameter) -> Iterator[Segment]:
    components = _components(parameter)
    size = parameter.n_weights // len(components)
    for piece, component in enumerate(components):
        start = parameter.start + piece * size
        yield Segment(
            parameter.name,
            start,
            start + size,
            parameter.tower,
            parameter.layer,
            component,
            place_of(parameter),
        )


def _components(parameter: Parameter) -> tuple[str, ...]:
    if parameter.component != "attn_qkv":
        return (parameter.component,)
    # Packed one behind another along the first dimension, so each has neighbouring columns of its own.
    if _PACKED.search(parameter.name) and parameter.shape[0] % 3 == 0:
        return ("attn_q", "attn_k", "attn_v")
    alone = _ALONE.search(parameter.name)
    if alone is None:
        return (parameter.component,)
    return (f"attn_{(alone[1] or alone[2] or alone[3])[0].lower()}",)
