"""open_clip's tensors under Hugging Face's names, written out part by part."""

from collections.abc import Mapping

from torch import Tensor

_BLOCK = {
    "ln_1": "layer_norm1",
    "ln_2": "layer_norm2",
    "attn.out_proj": "self_attn.out_proj",
    "mlp.c_fc": "mlp.fc1",
    "mlp.c_proj": "mlp.fc2",
}
_OUTSIDE = {
    "visual.class_embedding": "vision_model.embeddings.class_embedding",
    "visual.conv1.weight": "vision_model.embeddings.patch_embedding.weight",
    "visual.positional_embedding": "vision_model.embeddings.position_embedding.weight",
    "visual.ln_pre.weight": "vision_model.pre_layrnorm.weight",
    "visual.ln_pre.bias": "vision_model.pre_layrnorm.bias",
    "visual.ln_post.weight": "vision_model.post_layernorm.weight",
    "visual.ln_post.bias": "vision_model.post_layernorm.bias",
    "token_embedding.weight": "text_model.embeddings.token_embedding.weight",
    "positional_embedding": "text_model.embeddings.position_embedding.weight",
    "ln_final.weight": "text_model.final_layer_norm.weight",
    "ln_final.bias": "text_model.final_layer_norm.bias",
    "logit_scale": "logit_scale",
}


def as_hugging_face(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A CLIP model as transformers saves it: query, key and value apart, projections transposed."""
    found: dict[str, Tensor] = {}
    for name, value in tensors.items():
        if name in _OUTSIDE:
            found[_OUTSIDE[name]] = value
        elif name in ("visual.proj", "text_projection"):
            found[f"{'visual_projection' if name == 'visual.proj' else name}.weight"] = value.T.contiguous()
        else:
            tower, _, rest = name.rpartition("transformer.resblocks.")
            block, _, part = rest.partition(".")
            prefix = f"{'vision' if tower else 'text'}_model.encoder.layers.{block}."
            if part.startswith("attn.in_proj_"):
                for letter, values in zip("qkv", value.chunk(3), strict=True):
                    found[f"{prefix}self_attn.{letter}_proj.{part[13:]}"] = values.contiguous()
            else:
                module, _, kind = part.rpartition(".")
                found[f"{prefix}{_BLOCK[module]}.{kind}"] = value
    return found
