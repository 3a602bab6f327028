import pytest

from cache.names import canonical_names

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
    ],
)
def test_open_clip_weights_get_one_name_and_other_models_keep_theirs(names, expected):
    assert canonical_names(names) == expected


def test_names_beside_a_wrapped_model_stay():
    assert canonical_names(["model.visual.proj", "head.weight"]) == ["visual.proj", "head.weight"]
