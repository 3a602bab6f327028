"""Tied weights: one tensor under several names, which counts once."""

from collections.abc import Hashable, Mapping


def tied_names(places: Mapping[str, Hashable], metadata: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Further names of tensors, by the name each is kept under.

    Args:
        places: By name, where its values lie; equal places hold one tensor.
        metadata: Of the file; safetensors' `save_model` writes "name left out" → "name kept" into it.

    >>> tied_names({"shared": 0, "encoder.embed": 0, "norm": 8}, {"lm_head": "shared", "format": "pt"})
    {'shared': ('encoder.embed', 'lm_head')}
    """
    first: dict[Hashable, str] = {}
    further: dict[str, list[str]] = {}
    for name, place in places.items():
        kept = first.setdefault(place, name)
        if kept != name:
            further.setdefault(kept, []).append(name)
    for left_out, kept in metadata.items():
        if kept in places and left_out not in places:
            further.setdefault(first[places[kept]], []).append(left_out)
    return {kept: tuple(names) for kept, names in further.items()}
