import pytest

from cache.naming.wrappers import canonical_names

TOWER = ["class_embedding", "conv1.weight", "transformer.resblocks.0.ln_1.weight", "proj"]
FULL = [f"visual.{name}" for name in TOWER]
TEXT = ["token_embedding.weight", "transformer.resblocks.0.ln_1.weight", "logit_scale"]
LLAMA = ["model.embed_tokens.weight", "model.layers.0.mlp.up_proj.weight", "lm_head.weight"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (FULL + TEXT, FULL + TEXT),
        ([f"model.{name}" for name in FULL + TEXT], FULL + TEXT),
        (FULL, FULL),
        (TOWER, FULL),
        ([f"model.{name}" for name in TOWER], FULL),
        (LLAMA, LLAMA),
        (TEXT, TEXT),
        ([*TOWER, "token_embedding.weight"], [*TOWER, "token_embedding.weight"]),
        (["conv1.weight", "layer1.0.conv1.weight"], ["conv1.weight", "layer1.0.conv1.weight"]),
        (["n_averaged", *(f"module.{name}" for name in LLAMA)], ["n_averaged", *LLAMA]),
        ([f"image_encoder.model.{name}" for name in FULL + TEXT], FULL + TEXT),
        ([*(f"image_encoder.{name}" for name in TOWER), "classifier.weight"], [*FULL, "classifier.weight"]),
        (["features.module.0.weight", "fc.weight"], ["features.module.0.weight", "fc.weight"]),
    ],
    ids=[
        "full",
        "wrapped",
        "vision of full",
        "tower",
        "wrapped tower",
        "llama",
        "text",
        "text and tower",
        "resnet",
        "averaged",
        "encoder of a classifier",
        "tower of a classifier",
        "parallel part",
    ],
)
def test_open_clip_weights_get_one_name_and_other_models_keep_theirs(names, expected):
    assert canonical_names(names) == expected


def test_names_beside_a_wrapped_model_stay():
    assert canonical_names(["model.visual.proj", "head.weight"]) == ["visual.proj", "head.weight"]


@pytest.mark.parametrize("prefix", ["module.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module.module."])
@pytest.mark.parametrize("names", [FULL + TEXT, TOWER, LLAMA, ["fc1.weight", "fc2.weight"]])
def test_what_torch_wraps_around_a_model_is_taken_off(prefix, names):
    assert canonical_names([prefix + name for name in names]) == canonical_names(names)


@pytest.mark.parametrize("part", ["_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module"])
def test_what_torch_wraps_around_a_block_is_taken_off(part):
    names = [f"model.layers.0.{part}.mlp.up_proj.weight", f"{part}.model.norm.weight"]

    assert canonical_names(names) == ["model.layers.0.mlp.up_proj.weight", "model.norm.weight"]
