"""Names of a model's layers and kinds of weights."""

from collections.abc import Sequence

from analysis.model.places import Place

COMPONENT_NAMES = {
    "attn_q": "attention q",
    "attn_k": "attention k",
    "attn_v": "attention v",
    "attn_qkv": "attention qkv",
    "attn_out": "attention out",
    "mlp_in": "MLP in",
    "mlp_out": "MLP out",
    "norm": "norms",
    "embedding": "embeddings",
    "head": "projection head",
    "other": "other",
}
"""Kinds of weights, in the order a block applies them."""


def place_name(place: Place, among: Sequence[Place]) -> str:
    """A layer inside a sentence; with its tower where there are several.

    >>> blocks = [Place("visual", layer, str(layer)) for layer in range(2)]
    >>> place_name(blocks[1], blocks)
    'block 1'
    """
    name = place.label if place.layer is None else f"block {place.layer}"
    return f"{place.tower} {name}" if _has_towers(among) else name


def row_labels(places: Sequence[Place]) -> list[str]:
    """What rows of a chart are called, each otherwise; with the tower where there are several."""
    return [f"{place.tower} {place.label}" if _has_towers(places) else place.label for place in places]


def _has_towers(places: Sequence[Place]) -> bool:
    return len({place.tower for place in places}) > 1
