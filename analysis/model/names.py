"""Parts of a parameter's name: its tower, its residual block, its component.

The names follow the conventions of open_clip, Hugging Face transformers, T5, GPT-2, BERT,
mixture-of-experts, ResNet, ConvNeXt and Swin checkpoints.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# What joins two stages of a Swin (`layers.0.downsample`) belongs to no block.
_STACKED_BLOCK = re.compile(r"(?:^|\.)(?:resblocks|layers|layer|blocks|block|h)\.(\d+)\.(?!downsample\.)")
_STAGED_BLOCK = re.compile(
    r"(?:^|\.)(?:layer(\d+)|stages\.(\d+)\.(?:layers|blocks)|layers\.(\d+)\.blocks)\.(\d+)\."
)

_TOWERS = (
    ("visual", re.compile(r"(?:^|\.)(?:visual|vision_model|vision_tower|visual_projection)(?:\.|$)")),
    ("text", re.compile(r"(?:^|\.)(?:text|text_model|text_projection)(?:\.|$)")),
    ("encoder", re.compile(r"(?:^|\.)encoder\.")),
    ("decoder", re.compile(r"(?:^|\.)decoder\.")),
)

# Order matters: `attn.out_proj` must be tried before the bare `proj` of a head, and a norm inside an
# attention module (`attn.ln_q`) is a norm.
_COMPONENTS = (
    (
        "norm",
        re.compile(
            r"(?:^|\.)(?:ln(?:_\w+)?|\w*norm\w*|\w*layrnorm|bn\d?|downsample\.1)(?:\.|$)", re.IGNORECASE
        ),
    ),
    (
        "attn_out",
        re.compile(
            r"(?:^|\.)(?:out_proj|o_proj|attn(?:pool)?\.c_proj|attn\.proj|\w*attention\.o"
            r"|attn(?:\.output)?\.dense|attention(?:\.output)?\.dense)(?:\.|$)",
            re.IGNORECASE,
        ),
    ),
    (
        "attn_qkv",
        re.compile(
            r"(?:^|\.)(?:in_proj_(?:weight|bias)|[qkv]_proj(?:_weight)?|query_key_value|c_attn|qkv"
            r"|query|key|value|\w*attention\.[qkv])(?:\.|$)",
            re.IGNORECASE,
        ),
    ),
    (
        "mlp_in",
        re.compile(
            r"(?:^|\.)(?:c_fc|fc1|up_proj|gate_proj|wi(?:_\d)?|w1|w3|intermediate\.dense|pwconv1)(?:\.|$)"
        ),
    ),
    ("mlp_out", re.compile(r"(?:^|\.)(?:c_proj|fc2|down_proj|wo|w2|output\.dense|pwconv2)(?:\.|$)")),
    (
        "embedding",
        re.compile(
            r"(?:^|\.)(?:conv1|patch_embedding|patch_embed|class_embedding|\w*position\w*embeddings?"
            r"|embed_tokens|embed_positions|embedder|token_embedding|embeddings?|shared|wte|wpe|cls_token|pos_embed)(?:\.|$)"
        ),
    ),
    (
        "head",
        re.compile(
            r"(?:^|\.)(?:proj|visual_projection|text_projection|lm_head|proj_out|classifier|head|logit_scale)(?:\.|$)"
        ),
    ),
)

_CONVENTIONS = (
    (
        "Hugging Face's",
        re.compile(r"(?:^|\.)(?:vision_model|text_model)\.|\.self_attn\.[qkv]_proj\.|patch_embedding\."),
    ),
    ("open_clip's", re.compile(r"(?:^|\.)visual\.|\.resblocks\.")),
)


@dataclass(frozen=True, slots=True)
class NameParts:
    """Tower, block and component of one parameter name."""

    tower: str
    """`visual`, `text`, `encoder`, `decoder`, or `model` when the name has none."""
    stage: int
    """Stage of a ResNet (`layer3` is 3), ConvNeXt or Swin (`stages.0` is 0); 0 for a plain stack."""
    block: int | None
    """Index of the residual block inside its stage; None outside the blocks."""
    component: str
    """attn_qkv, attn_out, mlp_in, mlp_out, norm, embedding, head or other."""


def name_parts(name: str) -> NameParts:
    """Read tower, block and component from a parameter's name.

    Unlike the authors' code of LiNeS, which takes the first number it finds, the block is the first
    number after a known stack name: T5's `block.7.layer.0`, an expert's `layers.9.…experts.3` and a
    ResNet's `layer3.5` come out as 7, 9 and stage 3, block 5.

    >>> name_parts("visual.transformer.resblocks.10.mlp.c_proj.weight")
    NameParts(tower='visual', stage=0, block=10, component='mlp_out')
    >>> name_parts("decoder.block.7.layer.2.DenseReluDense.wo.weight").block
    7
    """
    stage, block = 0, None
    staged = _STAGED_BLOCK.search(name)
    stacked = _STACKED_BLOCK.search(name)
    if staged is not None:
        stage, block = int(staged[1] or staged[2] or staged[3]), int(staged[4])
    elif stacked is not None:
        block = int(stacked[1])
    tower = next((tower for tower, pattern in _TOWERS if pattern.search(name)), "model")
    return NameParts(tower, stage, block, _component(name, inside_a_block=block is not None))


def convention(names: Iterable[str]) -> str:
    """Whose names a model's parameters have, as far as image encoders are concerned.

    >>> convention(["vision_model.embeddings.class_embedding"]), convention(["visual.proj"])
    ("Hugging Face's names", "open_clip's names")
    """
    for name in names:
        for whose, pattern in _CONVENTIONS:
            if pattern.search(name):
                return f"{whose} names"
    return "names of another kind"


def _component(name: str, *, inside_a_block: bool) -> str:
    component = next((kind for kind, pattern in _COMPONENTS if pattern.search(name)), "other")
    # A ResNet block has convolutions named like a stem; only outside the blocks are they embeddings.
    if inside_a_block and component == "embedding":
        return "other"
    return component
