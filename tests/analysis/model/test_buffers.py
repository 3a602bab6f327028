import pytest

from analysis.model.buffers import is_table


@pytest.mark.parametrize(
    "name",
    [
        "text_model.embeddings.position_ids",
        "model.layers.3.self_attn.rotary_emb.inv_freq",
        "model.rotary_emb.inv_freq",
        "h.0.attn.bias",
        "h.0.attn.masked_bias",
        "attn_mask",
        "layers.0.blocks.1.attn.relative_position_index",
        "bn1.num_batches_tracked",
    ],
)
def test_masks_tables_and_counters_are_no_weights(name):
    assert is_table(name)


@pytest.mark.parametrize(
    "name",
    [
        "logit_scale",
        "visual.positional_embedding",
        "h.0.attn.c_attn.bias",
        "blocks.0.attn.qkv.bias",
        "layers.0.blocks.1.attn.relative_position_bias_table",
        "bn1.running_var",
        "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
    ],
)
def test_what_is_trained_or_differs_between_tasks_is(name):
    assert not is_table(name)
