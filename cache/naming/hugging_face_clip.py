"""Hugging Face's names of a CLIP model, as open_clip's: the same weights, in parts or transposed.

open_clip keeps query, key and value of a block in one tensor, one below the other, and multiplies by its
projections from the left, so that a Hugging Face projection is its transpose.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from cache.naming.renamed import Renamed

_BLOCK = {
    "layer_norm1": "ln_1",
    "layer_norm2": "ln_2",
    "self_attn.out_proj": "attn.out_proj",
    "mlp.fc1": "mlp.c_fc",
    "mlp.fc2": "mlp.c_proj",
}
_VISION = {
    "embeddings.class_embedding": "visual.class_embedding",
    "embeddings.patch_embedding.weight": "visual.conv1.weight",
    "embeddings.position_embedding.weight": "visual.positional_embedding",
    "pre_layrnorm.weight": "visual.ln_pre.weight",
    "pre_layrnorm.bias": "visual.ln_pre.bias",
    "post_layernorm.weight": "visual.ln_post.weight",
    "post_layernorm.bias": "visual.ln_post.bias",
}
_TEXT = {
    "embeddings.token_embedding.weight": "token_embedding.weight",
    "embeddings.position_embedding.weight": "positional_embedding",
    "final_layer_norm.weight": "ln_final.weight",
    "final_layer_norm.bias": "ln_final.bias",
}
_TRANSPOSED = {"visual_projection.weight": "visual.proj", "text_projection.weight": "text_projection"}
_IN_BLOCK = re.compile(r"encoder\.layers\.(\d+)\.(.+)\.(weight|bias)")
_QUERY = "self_attn.q_proj"


def as_open_clip(names: Collection[str]) -> list[Renamed]:
    """Every tensor of a model, under open_clip's name where it is a Hugging Face CLIP model's.

    Args:
        names: Of one model's tensors, in its order.

    >>> as_open_clip(["layers.0.mlp.weight"])
    [Renamed(name='layers.0.mlp.weight', sources=('layers.0.mlp.weight',), is_transposed=False)]
    """
    known = set(names)
    towers = [
        *_towers(known, "embeddings.class_embedding", "vision_model.", _VISION, "visual.transformer"),
        *_towers(known, "embeddings.token_embedding.weight", "text_model.", _TEXT, "transformer"),
    ]
    if not towers:
        return [Renamed(name, (name,)) for name in names]
    root = towers[0].root
    renamed: list[Renamed] = []
    for name in names:
        tower = next((one for one in towers if name.startswith(one.prefix)), None)
        own = name.removeprefix(root) if name.startswith(root) else name
        if tower is not None and (found := tower.renamed(name, known)) is not None:
            renamed += found
        elif own in _TRANSPOSED:
            renamed.append(Renamed(_TRANSPOSED[own], (name,), is_transposed=True))
        else:
            renamed.append(Renamed("logit_scale" if own == "logit_scale" else name, (name,)))
    return renamed


@dataclass(frozen=True, slots=True)
class _Tower:
    """One of a CLIP model's two towers."""

    prefix: str
    """Before the tower's own names."""
    root: str
    """Before the names beside the tower."""
    outside: dict[str, str]
    """Names outside the blocks, by Hugging Face's."""
    blocks: str
    """Where open_clip keeps the blocks."""

    def renamed(self, name: str, known: Collection[str]) -> list[Renamed] | None:
        """What becomes of a tensor of the tower: nothing where another carries it; None if it has no such."""
        own = name.removeprefix(self.prefix)
        if own in self.outside:
            return [Renamed(self.outside[own], (name,))]
        found = _IN_BLOCK.fullmatch(own)
        if found is None:
            return None
        block, part, kind = found.groups()
        if part in _BLOCK:
            return [Renamed(f"{self.blocks}.resblocks.{block}.{_BLOCK[part]}.{kind}", (name,))]
        if part in (_QUERY, "self_attn.k_proj", "self_attn.v_proj"):
            parts = tuple(name.replace(f".{part[-6]}_proj.", f".{one}_proj.") for one in "qkv")
            if not all(one in known for one in parts):
                return None
            packed = Renamed(f"{self.blocks}.resblocks.{block}.attn.in_proj_{kind}", parts)
            return [packed] if part == _QUERY else []
        return None


def _towers(
    names: Collection[str], mark: str, usual: str, outside: dict[str, str], blocks: str
) -> Iterator[_Tower]:
    """The tower with a tensor that only such a tower has, if there is one and its blocks are CLIP's."""
    for name in names:
        prefix = name.removesuffix(mark)
        if prefix != name and f"{prefix}encoder.layers.0.{_QUERY}.weight" in names:
            yield _Tower(prefix, prefix.removesuffix(usual), outside, blocks)
            return
