import pytest

from analysis.model.names import NameParts, name_parts


@pytest.mark.parametrize(
    ("name", "tower", "block", "component"),
    [
        ("visual.conv1.weight", "visual", None, "embedding"),
        ("visual.class_embedding", "visual", None, "embedding"),
        ("visual.positional_embedding", "visual", None, "embedding"),
        ("visual.ln_pre.weight", "visual", None, "norm"),
        ("visual.transformer.resblocks.0.ln_1.bias", "visual", 0, "norm"),
        ("visual.transformer.resblocks.10.attn.in_proj_weight", "visual", 10, "attn_qkv"),
        ("visual.transformer.resblocks.10.attn.in_proj_bias", "visual", 10, "attn_qkv"),
        ("visual.transformer.resblocks.10.attn.out_proj.weight", "visual", 10, "attn_out"),
        ("visual.transformer.resblocks.11.mlp.c_fc.weight", "visual", 11, "mlp_in"),
        ("visual.transformer.resblocks.11.mlp.c_proj.weight", "visual", 11, "mlp_out"),
        ("visual.ln_post.weight", "visual", None, "norm"),
        ("visual.proj", "visual", None, "head"),
        ("transformer.resblocks.4.ln_1.weight", "model", 4, "norm"),
        ("token_embedding.weight", "model", None, "embedding"),
        ("ln_final.weight", "model", None, "norm"),
        ("logit_scale", "model", None, "head"),
        ("text.transformer.resblocks.1.ln_1.weight", "text", 1, "norm"),
        ("visual.trunk.blocks.3.attn.proj.weight", "visual", 3, "attn_out"),
        ("visual.trunk.patch_embed.proj.weight", "visual", None, "embedding"),
    ],
)
def test_open_clip_names(name: str, tower: str, block: int | None, component: str) -> None:
    assert name_parts(name) == NameParts(tower, 0, block, component)


@pytest.mark.parametrize("prefix", ["", "model.", "image_encoder.model."])
def test_prefix_of_a_wrapper_changes_nothing(prefix: str) -> None:
    name = "visual.transformer.resblocks.7.mlp.c_proj.weight"

    assert name_parts(prefix + name) == name_parts(name)


@pytest.mark.parametrize(
    ("name", "tower", "block", "component"),
    [
        ("vision_model.embeddings.patch_embedding.weight", "visual", None, "embedding"),
        ("vision_model.embeddings.position_embedding.weight", "visual", None, "embedding"),
        ("vision_model.pre_layrnorm.weight", "visual", None, "norm"),
        ("vision_model.encoder.layers.11.self_attn.k_proj.weight", "visual", 11, "attn_qkv"),
        ("vision_model.encoder.layers.11.self_attn.out_proj.weight", "visual", 11, "attn_out"),
        ("vision_model.encoder.layers.11.layer_norm1.weight", "visual", 11, "norm"),
        ("vision_model.encoder.layers.11.mlp.fc1.weight", "visual", 11, "mlp_in"),
        ("vision_model.encoder.layers.11.mlp.fc2.weight", "visual", 11, "mlp_out"),
        ("visual_projection.weight", "visual", None, "head"),
        ("text_model.encoder.layers.0.mlp.fc1.weight", "text", 0, "mlp_in"),
        ("text_model.embeddings.token_embedding.weight", "text", None, "embedding"),
        ("text_projection.weight", "text", None, "head"),
        ("encoder.layers.3.mlp.fc1.weight", "encoder", 3, "mlp_in"),
    ],
)
def test_hugging_face_clip_names(name: str, tower: str, block: int | None, component: str) -> None:
    assert name_parts(name) == NameParts(tower, 0, block, component)


@pytest.mark.parametrize(
    ("name", "block", "component"),
    [
        ("model.embed_tokens.weight", None, "embedding"),
        ("model.layers.9.self_attn.q_proj.weight", 9, "attn_qkv"),
        ("model.layers.9.self_attn.o_proj.weight", 9, "attn_out"),
        ("model.layers.9.self_attn.q_norm.weight", 9, "norm"),
        ("model.layers.30.mlp.gate_proj.weight", 30, "mlp_in"),
        ("model.layers.30.mlp.up_proj.weight", 30, "mlp_in"),
        ("model.layers.30.mlp.down_proj.weight", 30, "mlp_out"),
        ("model.layers.30.input_layernorm.weight", 30, "norm"),
        ("model.norm.weight", None, "norm"),
        ("lm_head.weight", None, "head"),
        ("gpt_neox.layers.3.attention.query_key_value.weight", 3, "attn_qkv"),
        ("gpt_neox.layers.3.attention.dense.weight", 3, "attn_out"),
        ("transformer.wte.weight", None, "embedding"),
        ("transformer.h.5.attn.c_attn.weight", 5, "attn_qkv"),
        ("transformer.h.5.attn.c_proj.weight", 5, "attn_out"),
        ("h.5.mlp.c_fc.weight", 5, "mlp_in"),
        ("h.5.mlp.c_proj.weight", 5, "mlp_out"),
        ("h.5.ln_2.weight", 5, "norm"),
    ],
)
def test_language_models_of_one_stack(name: str, block: int | None, component: str) -> None:
    assert name_parts(name) == NameParts("model", 0, block, component)


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("model.layers.9.block_sparse_moe.experts.3.w1.weight", "mlp_in"),
        ("model.layers.9.block_sparse_moe.experts.3.w2.weight", "mlp_out"),
        ("model.layers.9.block_sparse_moe.experts.3.w3.weight", "mlp_in"),
        ("model.layers.9.mlp.experts.3.down_proj.weight", "mlp_out"),
        ("model.layers.9.block_sparse_moe.gate.weight", "other"),
    ],
)
def test_number_of_an_expert_is_not_the_block(name: str, component: str) -> None:
    assert name_parts(name) == NameParts("model", 0, 9, component)


@pytest.mark.parametrize(
    ("name", "tower", "block", "component"),
    [
        ("bert.embeddings.word_embeddings.weight", "model", None, "embedding"),
        ("bert.embeddings.position_embeddings.weight", "model", None, "embedding"),
        ("bert.embeddings.LayerNorm.weight", "model", None, "norm"),
        ("bert.encoder.layer.4.attention.self.query.weight", "encoder", 4, "attn_qkv"),
        ("bert.encoder.layer.4.attention.output.dense.weight", "encoder", 4, "attn_out"),
        ("bert.encoder.layer.4.attention.output.LayerNorm.weight", "encoder", 4, "norm"),
        ("bert.encoder.layer.4.intermediate.dense.weight", "encoder", 4, "mlp_in"),
        ("bert.encoder.layer.4.output.dense.weight", "encoder", 4, "mlp_out"),
        ("classifier.weight", "model", None, "head"),
    ],
)
def test_bert_names(name: str, tower: str, block: int | None, component: str) -> None:
    assert name_parts(name) == NameParts(tower, 0, block, component)


@pytest.mark.parametrize(
    ("name", "tower", "block", "component"),
    [
        ("shared.weight", "model", None, "embedding"),
        ("encoder.embed_tokens.weight", "encoder", None, "embedding"),
        ("encoder.block.7.layer.0.SelfAttention.q.weight", "encoder", 7, "attn_qkv"),
        ("encoder.block.7.layer.0.SelfAttention.o.weight", "encoder", 7, "attn_out"),
        ("encoder.block.7.layer.0.layer_norm.weight", "encoder", 7, "norm"),
        ("encoder.block.7.layer.1.DenseReluDense.wi_0.weight", "encoder", 7, "mlp_in"),
        ("decoder.block.7.layer.1.EncDecAttention.k.weight", "decoder", 7, "attn_qkv"),
        ("decoder.block.7.layer.2.DenseReluDense.wo.weight", "decoder", 7, "mlp_out"),
        ("decoder.final_layer_norm.weight", "decoder", None, "norm"),
    ],
)
def test_sublayer_of_t5_is_not_the_block(name: str, tower: str, block: int | None, component: str) -> None:
    assert name_parts(name) == NameParts(tower, 0, block, component)


@pytest.mark.parametrize(
    ("name", "stage", "block", "component"),
    [
        ("visual.conv1.weight", 0, None, "embedding"),
        ("visual.bn1.weight", 0, None, "norm"),
        ("visual.layer1.0.conv1.weight", 1, 0, "other"),
        ("visual.layer1.0.bn3.bias", 1, 0, "norm"),
        ("visual.layer3.5.conv2.weight", 3, 5, "other"),
        ("visual.layer4.0.downsample.0.weight", 4, 0, "other"),
        ("visual.layer4.0.downsample.1.weight", 4, 0, "norm"),
        ("visual.attnpool.positional_embedding", 0, None, "embedding"),
        ("visual.attnpool.q_proj.weight", 0, None, "attn_qkv"),
        ("visual.attnpool.c_proj.weight", 0, None, "attn_out"),
    ],
)
def test_resnet_of_open_clip(name: str, stage: int, block: int | None, component: str) -> None:
    assert name_parts(name) == NameParts("visual", stage, block, component)


@pytest.mark.parametrize(
    ("name", "stage", "block"),
    [
        ("visual.trunk.stages.2.blocks.5.mlp.fc1.weight", 2, 5),
        ("visual.trunk.stages.0.blocks.1.mlp.fc1.weight", 0, 1),
        ("visual.trunk.layers.2.blocks.5.mlp.fc1.weight", 2, 5),
        ("vision_model.encoder.stages.3.layers.1.shortcut.fc1.weight", 3, 1),
    ],
)
def test_stages_of_swin_and_convnext_are_different_layers(name: str, stage: int, block: int) -> None:
    assert name_parts(name) == NameParts("visual", stage, block, "mlp_in")


def test_what_joins_two_stages_of_a_swin_is_outside_the_blocks() -> None:
    assert name_parts("layers.2.downsample.reduction.weight").block is None


@pytest.mark.parametrize("name", ["mlp.0.weight", "features.3.weight", "player.3.weight", "layers.3"])
def test_number_that_follows_no_stack_name_is_no_block(name: str) -> None:
    assert name_parts(name).block is None


def test_norm_inside_an_attention_module_is_a_norm() -> None:
    assert name_parts("blocks.2.attn.ln_k.weight").component == "norm"


def test_name_of_no_convention_is_other_and_belongs_to_the_model() -> None:
    assert name_parts("temperature") == NameParts("model", 0, None, "other")


@pytest.mark.parametrize(
    ("name", "tower", "block", "component"),
    [
        ("model.encoder.conv1.weight", "encoder", None, "embedding"),
        ("model.encoder.embed_positions.weight", "encoder", None, "embedding"),
        ("model.encoder.layers.0.self_attn.k_proj.weight", "encoder", 0, "attn_qkv"),
        ("model.decoder.layers.1.encoder_attn.out_proj.weight", "decoder", 1, "attn_out"),
        ("model.decoder.layers.1.encoder_attn_layer_norm.weight", "decoder", 1, "norm"),
        ("model.decoder.layers.1.fc2.weight", "decoder", 1, "mlp_out"),
        ("proj_out.weight", "model", None, "head"),
    ],
)
def test_whisper_names(name: str, tower: str, block: int | None, component: str) -> None:
    assert name_parts(name) == NameParts(tower, 0, block, component)


@pytest.mark.parametrize(
    ("name", "component"),
    [
        ("convnext.encoder.stages.2.layers.1.pwconv1.weight", "mlp_in"),
        ("convnext.encoder.stages.2.layers.1.pwconv2.bias", "mlp_out"),
        ("convnext.encoder.stages.2.layers.1.dwconv.weight", "other"),
        ("convnext.encoder.stages.2.layers.1.layernorm.weight", "norm"),
        ("resnet.encoder.stages.2.layers.1.layer.0.normalization.weight", "norm"),
    ],
)
def test_staged_names_of_hugging_face(name: str, component: str) -> None:
    assert name_parts(name) == NameParts("encoder", 2, 1, component)
