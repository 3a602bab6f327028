import json

import pytest

from cache.recognised.adapters import adapter

WHOLE = [
    "model.layers.0.self_attn.q_proj.weight",
    "model.layers.0.loratory.weight",
    "backbone.0.veranda.bias",
]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("base_model.model.layers.0.q_proj.lora_A.weight", "LoRA"),
        ("layers.0.q_proj.lora_B.default.weight", "LoRA"),
        ("lora_unet_down_blocks_0.lora_down.weight", "LoRA"),
        ("unet.processor.to_q_lora.down.weight", "LoRA"),
        ("a.lora_embedding_A", "LoRA"),
        ("a.lora_magnitude_vector", "DoRA"),
        ("a.dora_scale", "DoRA"),
        ("a.hada_w1_a", "LoHa"),
        ("a.lokr_w1", "LoKr"),
        ("a.ia3_l", "IA3"),
        ("a.oft_r.default", "OFT"),
        ("a.boft_R", "BOFT"),
        ("a.vera_lambda_b", "VeRA"),
        ("prompt_embeddings", "prompt tuning"),
        ("base_model.prompt_encoder.default.embedding.weight", "prompt tuning"),
    ],
)
def test_names_of_tensors_state_which_adapter_it_is(tmp_path, name, kind):
    assert adapter(tmp_path / "a.safetensors", [name]).startswith(f"is an adapter ({kind}, ")


def test_the_more_special_kind_is_named(tmp_path):
    names = ["a.lora_A.weight", "a.lora_B.weight", "a.lora_magnitude_vector"]

    assert "(DoRA, " in adapter(tmp_path / "a.safetensors", names)


def test_one_adapter_among_whole_weights_is_still_one(tmp_path):
    assert adapter(tmp_path / "model.safetensors", [*WHOLE, "a.lora_A.weight"])


def test_whole_models_are_none(tmp_path):
    assert adapter(tmp_path / "a.safetensors", WHOLE) is None
    assert adapter(tmp_path / "a.safetensors", ["prompt_encoder.pe_layer", "image_encoder.pos_embed"]) is None
    assert adapter(tmp_path / "a.safetensors", []) is None


@pytest.mark.parametrize(
    ("file", "names", "is_one"),
    [
        ("adapter_model.safetensors", ["a.odd_factor"], True),
        ("task.pt", ["a.odd_factor"], True),
        ("model.safetensors", ["base_model.model.a.odd_factor"], True),
        ("model.safetensors", WHOLE, False),
    ],
)
def test_settings_beside_it_state_what_its_names_do_not(tmp_path, file, names, is_one):
    (tmp_path / "adapter_config.json").write_text(json.dumps({"peft_type": "PREFIX_TUNING"}))

    found = adapter(tmp_path / file, names)

    assert (found is not None and "(PREFIX_TUNING, " in found) == is_one


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"peft_type": 3}', "[" * 100_000])
def test_settings_that_cannot_be_read_break_nothing(tmp_path, text):
    (tmp_path / "adapter_config.json").write_text(text)

    assert adapter(tmp_path / "model.safetensors", WHOLE) is None
